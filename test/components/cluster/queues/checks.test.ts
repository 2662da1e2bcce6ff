import { expect } from "chai";
import { sound } from "../../bad-stacks";
import { problemsOf } from "../../problems-of";
import { refuses } from "../../refusals";
import { edited } from "../../stack-files";

const QUEUES = "ml-platform:cluster.queues";
const QUEUE = "ml-platform:training.queue";

const pools = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
        name: index === 0 ? "serving" : `pool-${index}`,
        accelerator: "nvidia-l4",
        maxNodes: 4,
    }));

describe("checks of queues", () => {
    refuses([
        {
            title: "queues of a cluster without GPU pools",
            edits: {
                [QUEUES]: true,
                "ml-platform:cluster.pools": [],
                "ml-platform:inference": undefined,
                "ml-platform:training": undefined,
            },
            problems: ["cluster.queues: is true, but the cluster has no GPU pool that a run could wait for"],
            remedies: ["Add a pool to ml-platform:cluster.pools, or remove ml-platform:cluster.queues."],
            repair: { [QUEUES]: undefined },
        },
        {
            title: "more pools than a queue of Kueue supports",
            edits: {
                [QUEUES]: true,
                "ml-platform:cluster.pools": pools(65),
                "ml-platform:inference": undefined,
                "ml-platform:training": undefined,
            },
            problems: ["cluster.queues: is true, but the cluster has 65 GPU pools, and a Kueue queue supports at most 64"],
            remedies: ["pulumi config rm --path 'ml-platform:cluster.queues'"],
            repair: { [QUEUES]: undefined },
        },
        {
            title: "a queue that the stack does not make",
            edits: { [QUEUES]: true, [QUEUE]: "gpu" },
            problems: ["training.queue: is gpu, but the only queue of this stack is runs (cluster.queues)"],
            remedies: ["pulumi config set --path 'ml-platform:training.queue' runs"],
            repair: { [QUEUE]: "runs" },
        },
        {
            title: "runs in the namespace of Kueue",
            edits: { [QUEUES]: true, "ml-platform:training.namespace": "kueue-system" },
            problems: ["training.namespace: kueue-system is the namespace of Kueue (cluster.queues)"],
            remedies: ["pulumi config set --path 'ml-platform:training.namespace' training"],
            repair: { "ml-platform:training.namespace": "training" },
        },
    ]);

    it("accept queues of other owners, without queues of the stack or in an existing cluster", () => {
        expect(problemsOf(edited(sound, { [QUEUE]: "gpu" }))).to.deep.equal([]);
        expect(problemsOf(edited(sound, { [QUEUES]: true, [QUEUE]: "gpu", "ml-platform:cluster.existing": true }))).to.deep.equal([]);
    });

    it("accept the namespace kueue-system if the stack does not install Kueue", () => {
        expect(problemsOf(edited(sound, { "ml-platform:training.namespace": "kueue-system" }))).to.deep.equal([]);
    });

    it("accept as many pools as a queue supports", () => {
        const most = { [QUEUES]: true, "ml-platform:cluster.pools": pools(64), "ml-platform:training": undefined };
        expect(problemsOf(edited(sound, most))).to.deep.equal([]);
    });
});
