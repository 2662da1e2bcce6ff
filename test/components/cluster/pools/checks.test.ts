import { refuses } from "../../refusals";

const SERVING = "ml-platform:cluster.pools[0]";
const BATCH = "ml-platform:cluster.pools[1]";

describe("checks of pools", () => {
    refuses([
        {
            title: "P100, which was shut down",
            edits: { [`${BATCH}.accelerator`]: "nvidia-tesla-p100" },
            problems: [
                "cluster.pools[1].accelerator: nvidia-tesla-p100 was shut down by Google Cloud on 2026-09-15 (https://cloud.google.com/compute/docs/deprecations)",
            ],
            remedies: ["Choose one of: nvidia-tesla-t4, nvidia-l4."],
            repair: { [`${BATCH}.accelerator`]: "nvidia-tesla-t4" },
        },
        {
            title: "flex-start on N1",
            edits: { [`${BATCH}.capacity`]: "flex-start" },
            problems: ["cluster.pools[1].capacity: n1-standard-8 is not available as flex-start, only as on-demand, spot, reservation"],
            remedies: ["Set it in the stack file to on-demand or spot or { reservation: name }."],
            repair: { [`${BATCH}.capacity`]: "spot" },
        },
        {
            title: "flex-start with a minimum of nodes",
            edits: { [`${SERVING}.capacity`]: "flex-start", [`${SERVING}.minNodes`]: 1 },
            problems: ["cluster.pools[0].minNodes: is 1, but flex-start nodes exist only while pods ask for them"],
            remedies: ["pulumi config set --path 'ml-platform:cluster.pools[0].minNodes' 0"],
            repair: { [`${SERVING}.minNodes`]: 0 },
        },
        {
            title: "a number of local SSDs between those that the machine accepts",
            edits: {
                [`${SERVING}.accelerator`]: "nvidia-tesla-a100",
                [`${SERVING}.machineType`]: "a2-highgpu-2g",
                [`${SERVING}.localSsds`]: 3,
            },
            problems: ["cluster.pools[0].localSsds: a2-highgpu-2g takes 0, 2, 4, or 8 local SSDs, not 3"],
            remedies: ["Choose one of: 2, 4."],
            repair: { [`${SERVING}.localSsds`]: 4 },
        },
        {
            title: "24 local SSDs with a T4",
            edits: { [`${BATCH}.localSsds`]: 24 },
            problems: ["cluster.pools[1].localSsds: n1-standard-8 takes 0, 1, 2, 3, 4, 5, 6, 7, 8, or 16 local SSDs, not 24"],
            remedies: ["If 16 is what you meant: pulumi config set --path 'ml-platform:cluster.pools[1].localSsds' 16"],
            repair: { [`${BATCH}.localSsds`]: 16 },
        },
        {
            title: "GKE's default driver for a GPU that needs a newer one",
            edits: {
                [`${SERVING}.accelerator`]: "nvidia-b200",
                [`${SERVING}.acceleratorCount`]: 8,
                [`${SERVING}.capacity`]: "spot",
                [`${SERVING}.driver`]: "default",
            },
            problems: [
                "cluster.pools[0].driver: is default, R535, which is too old for nvidia-b200 (https://cloud.google.com/kubernetes-engine/docs/how-to/gpus#installing_drivers)",
            ],
            remedies: ["pulumi config set --path 'ml-platform:cluster.pools[0].driver' latest"],
            repair: { [`${SERVING}.driver`]: "latest" },
        },
        {
            title: "an upgrade of more nodes at once than GKE allows",
            edits: { [`${SERVING}.upgrade`]: { maxSurge: 19, maxUnavailable: 2 } },
            problems: ["cluster.pools[0].upgrade.maxSurge: is 19, and maxUnavailable 2: GKE upgrades at most 20 nodes at once"],
            remedies: ["pulumi config set --path 'ml-platform:cluster.pools[0].upgrade.maxSurge' 18"],
            repair: { [`${SERVING}.upgrade.maxSurge`]: 18 },
        },
        {
            title: "a system pool of a machine type with GPUs",
            edits: { "ml-platform:cluster.systemPool.machineType": "g2-standard-4" },
            problems: ["cluster.systemPool.machineType: g2-standard-4 is not a machine type for a system pool: it is unknown or has GPUs"],
            remedies: ["Choose one of: e2-standard-4, n2-standard-4, n4-standard-4."],
            repair: { "ml-platform:cluster.systemPool.machineType": "e2-medium" },
        },
        {
            title: "a custom machine type that cannot be",
            edits: { "ml-platform:cluster.systemPool.machineType": "n1-custom-3-8192" },
            problems: [
                "cluster.systemPool.machineType: n1-custom-3-8192 is not a machine type for a system pool: it is unknown or has GPUs",
            ],
            remedies: [
                "Choose one of: n1-standard-1, n1-standard-2, n1-standard-4, n1-standard-8, n1-standard-16, n1-standard-32, n1-standard-64, n1-standard-96, n1-highmem-2, n1-highmem-4, n1-highmem-8, n1-highmem-16, n1-highmem-32, n1-highmem-64, n1-highmem-96, n1-highcpu-2, n1-highcpu-4, n1-highcpu-8, n1-highcpu-16, n1-highcpu-32, n1-highcpu-64, n1-highcpu-96.",
            ],
            repair: { "ml-platform:cluster.systemPool.machineType": "n1-custom-4-8192" },
        },
    ]);
});
