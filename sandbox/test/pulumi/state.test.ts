import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { homeOf } from "../../home";
import { protectedUrns } from "../../pulumi/state";

describe("protectedUrns", () => {
    const home = homeOf(fs.mkdtempSync(path.join(os.tmpdir(), "clone-")));
    after(() => {
        fs.rmSync(home.clone, { recursive: true });
    });

    it("are those of the state; empty without a state", () => {
        fs.writeFileSync(path.join(home.clone, "Pulumi.yaml"), "name: ml-platform\n");
        expect(protectedUrns(home, "prod")).to.deep.equal([]);
        const folder = path.join(home.root, "state/.pulumi/stacks/ml-platform");
        fs.mkdirSync(folder, { recursive: true });
        const write = (latest: unknown): void => {
            fs.writeFileSync(path.join(folder, "prod.json"), JSON.stringify({ version: 3, checkpoint: { latest } }));
        };
        write(undefined);
        expect(protectedUrns(home, "prod")).to.deep.equal([]);
        write({ resources: [{ urn: "a", protect: true }, { urn: "b", protect: false }, { urn: "c" }] });
        expect(protectedUrns(home, "prod")).to.deep.equal(["a"]);
    });
});
