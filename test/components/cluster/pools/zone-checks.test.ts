import { refuses } from "../../refusals";

const SERVING = "ml-platform:cluster.pools[0]";
const SOURCE = "(https://cloud.google.com/compute/docs/regions-zones/gpu-regions-zones)";

describe("checks of zones", () => {
    refuses([
        {
            title: "a zone without the accelerator",
            edits: { [`${SERVING}.zones`]: ["us-central1-a", "us-central1-f"] },
            problems: [`cluster.pools[0].zones[1]: us-central1-f has no g2-standard-24 with nvidia-l4 ${SOURCE}`],
            remedies: ["Choose one of: us-central1-a, us-central1-b, us-central1-c."],
            repair: { [`${SERVING}.zones`]: ["us-central1-a"] },
        },
        {
            title: "a region without the accelerator",
            edits: { "gcp:region": "us-east5", "ml-platform:cluster.pools[1].accelerator": "nvidia-tesla-t4" },
            problems: [
                `cluster.pools[0].accelerator: no zone of us-east5 has g2-standard-24 with nvidia-l4 ${SOURCE}`,
                `cluster.pools[1].accelerator: no zone of us-east5 has n1-standard-8 with nvidia-tesla-t4 ${SOURCE}`,
            ],
            remedies: [
                "Choose another accelerator, or a cluster.location in one of: asia-east1, asia-northeast1, asia-northeast3, asia-south1, asia-southeast1, europe-west1, europe-west2, europe-west3, europe-west4, europe-west6, me-central2, northamerica-northeast2, us-central1, us-east1, us-east4, us-west1, us-west4",
                "Choose another accelerator, or a cluster.location in one of: asia-east1, asia-east2, asia-northeast1, asia-northeast3, asia-south1, asia-southeast1, asia-southeast2, australia-southeast1, europe-central2, europe-west1, europe-west2, europe-west3, europe-west4, me-west1, northamerica-northeast1, southamerica-east1, us-central1, us-east1, us-east4, us-west1, us-west2, us-west3, us-west4",
            ],
            repair: { "gcp:region": "us-east4" },
        },
        {
            title: "a cluster in a zone without the accelerator, although the region has it",
            edits: { "ml-platform:cluster.location": "us-central1-f" },
            problems: [`cluster.pools[0].accelerator: no zone of us-central1-f has g2-standard-24 with nvidia-l4 ${SOURCE}`],
            remedies: ["Choose one of: us-central1-a, us-central1-b, us-central1-c."],
            repair: { [`${SERVING}.zones`]: ["us-central1-a"] },
        },
        {
            title: "compact placement over several zones",
            edits: { [`${SERVING}.compactPlacement`]: true },
            problems: [
                "cluster.pools[0].zones: are us-central1-a, us-central1-b, us-central1-c, but compactPlacement keeps all nodes in one zone",
            ],
            remedies: ["Name one zone in ml-platform:cluster.pools[0].zones"],
            repair: { [`${SERVING}.zones`]: ["us-central1-a"] },
        },
        {
            title: "compact placement with blue-green upgrades",
            edits: {
                [`${SERVING}.compactPlacement`]: true,
                [`${SERVING}.zones`]: ["us-central1-a"],
                [`${SERVING}.upgrade.strategy`]: "blue-green",
            },
            problems: ["cluster.pools[0].upgrade.strategy: is blue-green, but compactPlacement allows surge upgrades only"],
            remedies: ["pulumi config set --path 'ml-platform:cluster.pools[0].upgrade.strategy' surge"],
            repair: { [`${SERVING}.upgrade.strategy`]: "surge" },
        },
        {
            title: "compact placement on N1",
            edits: { "ml-platform:cluster.pools[1].compactPlacement": true },
            problems: [
                "cluster.pools[1].compactPlacement: is true, but nvidia-tesla-t4 is on N1 machines, which do not support compact placement",
            ],
            remedies: ["pulumi config set --path 'ml-platform:cluster.pools[1].compactPlacement' false"],
            repair: { "ml-platform:cluster.pools[1].compactPlacement": false },
        },
    ]);
});
