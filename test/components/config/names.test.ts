import { expect } from "chai";
import { parseConfig } from "../../../components/config/load";
import { sound } from "../bad-stacks";
import { edited } from "../stack-files";
import { refuses } from "../refusals";

const POOLS = "ml-platform:cluster.pools";
const SERVICE = "ml-platform:inference.services[0]";

describe("checks of names", () => {
    refuses([
        {
            title: "a pool with the name of another pool's fallback",
            edits: {
                [`${POOLS}[0].capacity`]: ["on-demand", "spot"],
                [`${POOLS}[1].name`]: "serving-spot",
                "ml-platform:training.pool": "serving-spot",
            },
            problems: ["cluster.pools[1].name: serving-spot and serving both have a node pool serving-spot"],
            remedies: [
                "pulumi config set --path 'ml-platform:cluster.pools[1].name' serving-spot-2 && pulumi config set --path 'ml-platform:training.pool' serving-spot-2",
            ],
            repair: { [`${POOLS}[1].name`]: "batch", "ml-platform:training.pool": "batch" },
        },
        {
            title: "a source of capacity that is listed twice",
            edits: { [`${POOLS}[0].capacity`]: ["on-demand", "spot", "on-demand"] },
            problems: ["cluster.pools[0].capacity[2]: repeats on-demand"],
            remedies: ["pulumi config rm --path 'ml-platform:cluster.pools[0].capacity[2]'"],
            repair: { [`${POOLS}[0].capacity`]: ["on-demand", "spot"] },
        },
        {
            title: "a reservation that is listed twice",
            edits: { [`${POOLS}[0].capacity`]: [{ reservation: "team" }, { reservation: "team" }] },
            problems: ["cluster.pools[0].capacity[1]: repeats reservation team"],
            remedies: ["pulumi config rm --path 'ml-platform:cluster.pools[0].capacity[1]'"],
            repair: { [`${POOLS}[0].capacity`]: [{ reservation: "team" }, { reservation: "other" }] },
        },
        {
            title: "one namespace for services and runs",
            edits: { "ml-platform:training.namespace": "inference" },
            problems: ["training.namespace: inference is the namespace of section inference, and each section has its own"],
            remedies: ["pulumi config set --path 'ml-platform:training.namespace' training"],
            repair: { "ml-platform:training.namespace": "runs" },
        },
        {
            title: "one namespace for services and runs, if the section's name is taken",
            edits: { "ml-platform:inference.namespace": "training" },
            problems: ["training.namespace: training is the namespace of section inference, and each section has its own"],
            remedies: ["pulumi config set --path 'ml-platform:training.namespace' ml-training"],
            repair: { "ml-platform:training.namespace": "runs" },
        },
        ...["kube-system", "gke-managed-system", "gmp-public", "default"].map((namespace) => ({
            title: `the namespace ${namespace} for services`,
            edits: { "ml-platform:inference.namespace": namespace },
            problems: [`inference.namespace: ${namespace} is a namespace of Kubernetes or GKE; the stack creates its own`],
            remedies: ["pulumi config set --path 'ml-platform:inference.namespace' inference"],
            repair: { "ml-platform:inference.namespace": "kubernetes-models" },
        })),
        {
            title: "a service with the name of its namespace's network policy",
            edits: { [`${SERVICE}.name`]: "default-deny" },
            problems: ["inference.services[0].name: default-deny is the name of the network policy of the whole namespace"],
            remedies: ["pulumi config set --path 'ml-platform:inference.services[0].name' default-deny-service"],
            repair: { [`${SERVICE}.name`]: "deny" },
        },
        {
            title: "a service with the name of its namespace's service account",
            edits: { [`${SERVICE}.name`]: "default" },
            problems: ["inference.services[0].name: default is the name of the service account that Kubernetes creates in each namespace"],
            remedies: ["pulumi config set --path 'ml-platform:inference.services[0].name' default-service"],
            repair: { [`${SERVICE}.name`]: "digits" },
        },
        {
            title: "a member that is listed twice",
            edits: { "ml-platform:registry.readers": ["user:a@example.com", "user:b@example.com", "user:a@example.com"] },
            problems: ["registry.readers[2]: repeats user:a@example.com"],
            remedies: ["pulumi config rm --path 'ml-platform:registry.readers[2]'"],
            repair: { "ml-platform:registry.readers": ["user:a@example.com", "user:b@example.com"] },
        },
        {
            title: "a claim that would be created twice",
            edits: {
                "ml-platform:training.checkpoints": { claim: "runs", size: "10Gi" },
                "ml-platform:training.data": { claim: "runs", size: "10Gi" },
            },
            problems: ["training.data: claim runs has a size, so the stack would create it twice: checkpoints creates it"],
            remedies: ["Name another claim for data, or leave out its size to mount the claim of checkpoints"],
            repair: { "ml-platform:training.data": { claim: "runs" } },
        },
    ]);

    it("accept services with the names of other workloads", () => {
        for (const name of ["training", "tensorboard", "build-images", "ml-nodes"]) {
            expect(parseConfig(edited(sound, { [`${SERVICE}.name`]: name }), "dev").inference?.services[0]?.name).to.equal(name);
        }
    });
});
