import { refuses } from "../../refusals";

const ARM = {
    "ml-platform:cluster.pools[0].accelerator": "nvidia-gb200",
    "ml-platform:cluster.pools[0].acceleratorCount": 4,
    "ml-platform:cluster.pools[0].capacity": { reservation: "team" },
};

describe("checks of architectures", () => {
    refuses([
        {
            title: "amd64 images on Arm nodes",
            edits: ARM,
            problems: [
                "images.platforms: does not contain linux/arm64, but the nvidia-gb200 nodes of pool serving, where service digits runs, have that architecture",
            ],
            remedies: ["The gpu variant exists for linux/amd64 only: choose a pool of another accelerator"],
            repair: { "ml-platform:images.platforms": ["linux/amd64", "linux/arm64"], "ml-platform:images.variant": "cpu" },
        },
        {
            title: "amd64 images on the Arm nodes of two pools, once",
            edits: {
                ...ARM,
                "ml-platform:cluster.pools[1].accelerator": "nvidia-gb200",
                "ml-platform:cluster.pools[1].acceleratorCount": 4,
                "ml-platform:cluster.pools[1].machineType": undefined,
                "ml-platform:cluster.pools[1].capacity": { reservation: "team" },
            },
            problems: [
                "images.platforms: does not contain linux/arm64, but the nvidia-gb200 nodes of pool serving, where service digits runs, have that architecture",
            ],
            remedies: ["The gpu variant exists for linux/amd64 only: choose a pool of another accelerator"],
            repair: { "ml-platform:images.platforms": ["linux/amd64", "linux/arm64"], "ml-platform:images.variant": "cpu" },
        },
        {
            title: "arm64 images on x86 nodes",
            edits: { "ml-platform:images.platforms": ["linux/arm64"], "ml-platform:images.variant": "cpu" },
            problems: [
                "images.platforms: does not contain linux/amd64, but the nvidia-l4 nodes of pool serving, where service digits runs, have that architecture",
            ],
            remedies: [
                "pulumi config set --path 'ml-platform:images.platforms[0]' linux/arm64 && pulumi config set --path 'ml-platform:images.platforms[1]' linux/amd64",
            ],
            repair: { "ml-platform:images.platforms": ["linux/amd64"] },
        },
    ]);
});
