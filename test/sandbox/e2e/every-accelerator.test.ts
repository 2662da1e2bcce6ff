import { expect } from "chai";
import type { Clone, Ended } from "./clone";
import { ACCELERATORS, everyAccelerator } from "./every-accelerator";
import { sandbox } from "./hooks";

const STACK = "gpus";
const FILE = `Pulumi.${STACK}.yaml`;

interface State {
    readonly deployment: {
        readonly resources: readonly { readonly type: string; readonly outputs?: { readonly nodeConfig?: NodeConfig } }[];
    };
}

interface NodeConfig {
    readonly guestAccelerators?: readonly { readonly type: string }[];
}

describe("a stack with a pool of every accelerator", function () {
    this.timeout(240_000);

    let clone: Clone;

    before(async () => {
        ({ clone } = sandbox());
        clone.write(FILE, everyAccelerator());
        clone.enableApis("ml-gpus");
        await succeeds("up", "--yes", "--skip-preview");
    });

    after(async () => {
        await succeeds("destroy", "--yes", "--skip-preview");
        clone.git("clean", "--quiet", "--force", FILE);
    });

    const run = (...args: readonly string[]): Promise<Ended> => clone.sandbox(...args, "-s", STACK);

    async function succeeds(...args: readonly string[]): Promise<void> {
        const { code, output } = await run(...args);
        expect(code, output).to.equal(0);
    }

    it("has them all", async () => {
        const { deployment } = await clone.json<State>("stack", "export", "-s", STACK);
        const pools = deployment.resources.filter(({ type }) => type === "gcp:container/nodePool:NodePool");
        const types = pools.flatMap(({ outputs }) => outputs?.nodeConfig?.guestAccelerators?.map(({ type }) => type) ?? []);
        expect(types.sort()).to.deep.equal([...ACCELERATORS].sort());
    });

    it("does not change with an update, a refresh, and an update after the refresh", async () => {
        await succeeds("up", "--yes", "--skip-preview", "--expect-no-changes");
        await succeeds("refresh", "--yes", "--skip-preview", "--expect-no-changes");
        await succeeds("preview", "--expect-no-changes");
        await succeeds("up", "--yes", "--skip-preview", "--expect-no-changes");
    });

    it("shows a change of one pool", async () => {
        clone.write(FILE, everyAccelerator().replace("maxNodes: 1", "maxNodes: 2"));
        const { code, output } = await run("preview", "--expect-no-changes");
        clone.write(FILE, everyAccelerator());
        expect(code, output).not.to.equal(0);
        expect(output).to.match(/~ +gcp:container:NodePool +cluster-tesla-t4 +update/);
    });
});
