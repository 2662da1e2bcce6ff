import { expect } from "chai";
import { sound } from "../../bad-stacks";
import { problemsOf } from "../../problems-of";
import { edited } from "../../stack-files";
import { refuses } from "../../refusals";

const SERVING = "ml-platform:cluster.pools[0]";
const QUEUED = { [`${SERVING}.capacity`]: "flex-start", [`${SERVING}.queuedProvisioning`]: true };
const RUN_ONLY = { "ml-platform:inference": undefined, "ml-platform:training.pool": "serving" };

describe("checks of queued provisioning", () => {
    refuses([
        {
            title: "queued provisioning of nodes that are not flex-start's alone",
            edits: {
                [`${SERVING}.queuedProvisioning`]: true,
                [`${SERVING}.capacity`]: ["flex-start", "spot"],
                ...RUN_ONLY,
                "ml-platform:training.queue": "gpu",
            },
            problems: [
                "cluster.pools[0].queuedProvisioning: is true, but capacity is flex-start, spot: queued provisioning requests flex-start nodes only",
            ],
            remedies: [
                "Set ml-platform:cluster.pools[0].capacity to flex-start, or remove ml-platform:cluster.pools[0].queuedProvisioning.",
            ],
            repair: { [`${SERVING}.capacity`]: "flex-start" },
        },
        {
            title: "queued provisioning of nodes close to each other",
            edits: {
                ...QUEUED,
                ...RUN_ONLY,
                "ml-platform:training.queue": "gpu",
                [`${SERVING}.compactPlacement`]: true,
                [`${SERVING}.zones`]: ["us-central1-a"],
            },
            problems: ["cluster.pools[0].compactPlacement: is true, but queuedProvisioning does not support compact placement"],
            remedies: ["pulumi config set --path 'ml-platform:cluster.pools[0].compactPlacement' false"],
            repair: { [`${SERVING}.compactPlacement`]: false },
        },
        {
            title: "a run without a queue on nodes that come for queues only",
            edits: { ...QUEUED, ...RUN_ONLY },
            problems: ["training.queue: is missing, but nodes of pool serving are added only for queued runs (queuedProvisioning)"],
            remedies: [
                "Set ml-platform:training.queue to a local queue of Kueue that asks for queued provisioning, or remove ml-platform:cluster.pools[0].queuedProvisioning.",
            ],
            repair: { "ml-platform:training.queue": "gpu" },
        },
        {
            title: "a run on several nodes that come one by one, whether its queue admits it or not",
            edits: {
                [`${SERVING}.capacity`]: "flex-start",
                ...RUN_ONLY,
                "ml-platform:training.queue": "gpu",
                "ml-platform:training.nodes": 2,
            },
            problems: [
                "training.nodes: is 2, but pool serving gets its nodes from flex-start, one by one, and the first ones cost money while they wait for the last: " +
                    "train on one node, or with a training.queue of Kueue on a pool with capacity flex-start and queuedProvisioning",
            ],
            remedies: ["pulumi config set --path 'ml-platform:cluster.pools[0].queuedProvisioning' true"],
            repair: { [`${SERVING}.queuedProvisioning`]: true },
        },
        {
            title: "a service on nodes that come for queues only",
            edits: QUEUED,
            problems: ["inference.services[0].pool: is serving, which adds nodes only for queued runs (queuedProvisioning)"],
            remedies: ["pulumi config set --path 'ml-platform:cluster.pools[0].queuedProvisioning' false"],
            repair: { [`${SERVING}.queuedProvisioning`]: false },
        },
    ]);

    const several = { [`${SERVING}.capacity`]: "flex-start", "ml-platform:training.pool": "serving", "ml-platform:training.nodes": 2 };
    const remedies = (edits: Readonly<Record<string, unknown>>) => problemsOf(edited(sound, edits)).map(({ remedy }) => remedy);

    it("enable it if the run has a queue and its pool runs nothing else, and otherwise train on one node", () => {
        const queue = { "ml-platform:training.queue": "gpu" };
        const [turnOn, oneNode] = [
            `pulumi config set --path '${SERVING}.queuedProvisioning' true`,
            "pulumi config set --path 'ml-platform:training.nodes' 1",
        ];
        expect(remedies({ ...several, ...RUN_ONLY, ...queue })).to.deep.equal([turnOn]);
        expect(remedies({ ...several, ...RUN_ONLY })).to.deep.equal([oneNode]);
        expect(remedies({ ...several, ...queue })).to.deep.equal([oneNode]);
        expect(remedies({ ...several, ...RUN_ONLY, ...queue, [`${SERVING}.capacity`]: ["on-demand", "flex-start"] })).to.deep.equal([
            oneNode,
        ]);
    });

    it("disable it for a service, unless a run uses the pool too", () => {
        expect(remedies(QUEUED)).to.deep.equal([`pulumi config set --path '${SERVING}.queuedProvisioning' false`]);
        expect(remedies({ ...QUEUED, "ml-platform:training.pool": "serving", "ml-platform:training.queue": "gpu" })).to.deep.equal([
            "Name a pool without queuedProvisioning, or add one to ml-platform:cluster.pools.",
        ]);
    });
});
