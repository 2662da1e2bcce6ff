import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { workloadsOf } from "../../../components/config/checks";
import { parseConfig } from "../../../components/config/load";
import type { RawConfig } from "../../../components/config/handed-over";
import { reportWaiting } from "../../../components/training/waiting-runs";
import type { Found } from "../../../components/workloads/cluster-lookup";
import { sound } from "../bad-stacks";
import { listening } from "../recorded";
import { edited } from "../stack-files";

/** The log of a stack with these runs and a pool of two nodes with one GPU each. */
const said = (runs: readonly object[], jobs: readonly Found[] = [], more: RawConfig = {}) => {
    const raw = edited(sound, {
        "ml-platform:cluster.queues": true,
        "ml-platform:cluster.pools[1].maxNodes": 2,
        "ml-platform:training.runId": undefined,
        "ml-platform:training.nodes": undefined,
        "ml-platform:training.queue": undefined,
        "ml-platform:training.runs": runs,
        ...more,
    });
    const config = parseConfig(raw, "dev");
    return listening(() => reportWaiting({ ...config, workloads: workloadsOf(config) }, jobs));
};

const ended = (runId: string): Found =>
    ({
        metadata: {
            name: `training-${runId}`,
            namespace: "training",
            labels: { "ml-platform/run": runId, "ml-platform/stack": "dev", "ml-platform/project": "ml-platform" },
        },
        status: { conditions: [{ type: "Complete", status: "True" }] },
    }) as Found;

describe("reportWaiting", () => {
    before(async () => {
        await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "ml-platform", "dev");
    });

    it("is silent while all runs fit", async () => {
        expect(await said([{ id: "a" }, { id: "b" }])).to.deep.equal([]);
        expect(await said([{ id: "a", nodes: 2 }])).to.deep.equal([]);
    });

    it("names the runs that share the pool, but not the one that waits: Kueue decides between runs of the same second", async () => {
        expect(await said([{ id: "a" }, { id: "b", nodes: 2 }, { id: "c" }])).to.deep.equal([
            "info: [runtime] Runs a, b, and c need 4 GPUs of pool batch, which has 2. Runs wait in queue runs until they fit, and start by priority, then by age.",
        ]);
    });

    it("subtracts the maximum of a service on the pool, which does not queue", async () => {
        const service = { name: "ranking", pool: "batch", autoscaling: { min: 1, max: 2 }, memory: "4Gi" };
        const shared = { "ml-platform:cluster.pools[1].maxNodes": 3, "ml-platform:inference.services[1]": service };
        expect(await said([{ id: "a" }], [], shared)).to.deep.equal([]);
        expect(await said([{ id: "a" }, { id: "b" }], [], shared)).to.deep.equal([
            "info: [runtime] Runs a and b need 2 GPUs of pool batch, which has 3, less 2 for service ranking. Runs wait in queue runs until they fit, and start by priority, then by age.",
        ]);
    });

    it("ignores ended runs", async () => {
        expect(await said([{ id: "a" }, { id: "b" }, { id: "c" }], [ended("a")])).to.deep.equal([]);
    });

    it("is silent about a stack without queues", async () => {
        expect(await said([{ id: "a" }, { id: "b" }], [], { "ml-platform:cluster.queues": false })).to.deep.equal([]);
    });
});
