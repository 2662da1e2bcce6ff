import { expect } from "chai";
import { parse } from "yaml";
import type { RawConfig } from "../../components/config/handed-over";
import { ACCELERATORS, everyAccelerator } from "../sandbox/e2e/every-accelerator";
import { PROMOTED } from "./careless/google-settings";
import { changesAfterRefresh } from "./simulated-update";

describe("a stack with a pool of every accelerator", () => {
    it("is created, and an update after a refresh changes no pool", async () => {
        const { config } = parse(everyAccelerator()) as { config: RawConfig };
        const pools = (config["ml-platform:cluster"] as { pools: readonly { accelerator: string }[] }).pools;
        expect(pools.map(({ accelerator }) => accelerator)).to.have.members(ACCELERATORS);
        expect(await changesAfterRefresh("gpus", { ...config, "ml-platform:images": PROMOTED })).to.deep.equal([]);
    });
});
