import { attachment, COMMON, machine, ON_N1, withSsds, zonesIn, type Accelerator } from "./accelerators";

/** Every NVIDIA accelerator of GKE, by GKE's name. */
export const accelerators = {
    "nvidia-tesla-t4": {
        ...ON_N1,
        memoryGb: 16,
        attachments: [attachment(1, 48, 312), attachment(2, 48, 312), attachment(4, 96, 624)],
        zones: zonesIn(`asia-east1-ac asia-east2-ac asia-northeast1-ac asia-northeast3-bc asia-south1-ab asia-southeast1-abc asia-southeast2-ab
            australia-southeast1-ac europe-central2-bc europe-west1-bcd europe-west2-ab europe-west3-b europe-west4-abc me-west1-bc northamerica-northeast1-c
            southamerica-east1-abc us-central1-abcf us-east1-bc us-east4-abc us-west1-ab us-west2-bc us-west3-b us-west4-ab`),
    },
    "nvidia-tesla-p4": {
        ...ON_N1,
        memoryGb: 8,
        attachments: [attachment(1, 24, 156), attachment(2, 48, 312), attachment(4, 96, 624)],
        zones: zonesIn(
            `asia-southeast1-ab australia-southeast1-ab europe-west4-bc northamerica-northeast1-abc us-central1-ac us-east4-abc us-west2-bc`,
        ),
    },
    "nvidia-tesla-p100": {
        ...ON_N1,
        memoryGb: 16,
        attachments: [attachment(1, 16, 104), attachment(2, 32, 208), attachment(4, 96, 624)],
        zones: zonesIn(`asia-east1-ac australia-southeast1-c europe-west1-bd europe-west4-a us-central1-cf us-east1-bc us-west1-ab`),
        shutdown: "2026-09-15",
    },
    "nvidia-tesla-v100": {
        ...ON_N1,
        memoryGb: 16,
        attachments: [attachment(1, 12, 78), attachment(2, 24, 156), attachment(4, 48, 312), attachment(8, 96, 624)],
        zones: zonesIn(`asia-east1-c europe-west4-abc us-central1-abcf us-east1-b us-west1-ab`),
    },
    "nvidia-l4": {
        ...COMMON,
        memoryGb: 24,
        machines: [
            machine("g2-standard-4", 1, 4, 16, 1),
            machine("g2-standard-8", 1, 8, 32, 1),
            machine("g2-standard-12", 1, 12, 48, 1),
            machine("g2-standard-16", 1, 16, 64, 1),
            machine("g2-standard-32", 1, 32, 128, 1),
            machine("g2-standard-24", 2, 24, 96, 2),
            machine("g2-standard-48", 4, 48, 192, 4),
            machine("g2-standard-96", 8, 96, 384, 8),
        ],
        zones: zonesIn(`asia-east1-abc asia-northeast1-abc asia-northeast3-ab asia-south1-abc asia-southeast1-abc europe-west1-bc europe-west2-ab europe-west3-ab
            europe-west4-abc europe-west6-bc me-central2-ac northamerica-northeast2-ab us-central1-abc us-east1-bc us-east4-ac us-west1-ab us-west4-ac`),
    },
    // The types with a fraction of a GPU (g4-standard-6, -12, -24) are missing, because a node pool counts whole GPUs.
    "nvidia-rtx-pro-6000": {
        ...COMMON,
        memoryGb: 96,
        machines: [
            machine("g4-standard-48", 1, 48, 180, 4),
            machine("g4-standard-96", 2, 96, 360, 8),
            machine("g4-standard-192", 4, 192, 720, 16),
            machine("g4-standard-384", 8, 384, 1440, 32),
        ],
        mig: { "1g.24gb": 4, "2g.48gb": 2, "4g.96gb": 1 },
        zones: zonesIn(`asia-east1-a asia-northeast1-b asia-south2-c asia-southeast1-ab asia-southeast2-bc europe-north1-a europe-west1-bc europe-west2-bc
            europe-west4-abc europe-west8-b southamerica-east1-ab us-central1-bcf us-east1-bd us-east4-bc us-east5-abc us-south1-ab us-west1-abc us-west3-a
            us-west4-a`),
        needsLatestDriver: true,
    },
    "nvidia-tesla-a100": {
        ...COMMON,
        memoryGb: 40,
        machines: [
            machine("a2-highgpu-1g", 1, 12, 85, 1, 2, 4, 8),
            machine("a2-highgpu-2g", 2, 24, 170, 2, 4, 8),
            machine("a2-highgpu-4g", 4, 48, 340, 4, 8),
            machine("a2-highgpu-8g", 8, 96, 680, 8),
            machine("a2-megagpu-16g", 16, 96, 1360, 8),
        ],
        mig: { "1g.5gb": 7, "2g.10gb": 3, "3g.20gb": 2, "7g.40gb": 1 },
        zones: zonesIn(`asia-northeast1-ac asia-northeast3-b asia-southeast1-ac europe-west4-ab me-west1-ac us-central1-abcf us-east1-b us-west1-b us-west3-b
            us-west4-b`),
    },
    "nvidia-a100-80gb": {
        ...COMMON,
        memoryGb: 80,
        machines: [
            withSsds("a2-ultragpu-1g", 1, 12, 170, 1),
            withSsds("a2-ultragpu-2g", 2, 24, 340, 2),
            withSsds("a2-ultragpu-4g", 4, 48, 680, 4),
            withSsds("a2-ultragpu-8g", 8, 96, 1360, 8),
        ],
        mig: { "1g.10gb": 7, "2g.20gb": 3, "3g.40gb": 2, "7g.80gb": 1 },
        zones: zonesIn(`asia-southeast1-c europe-west4-a us-central1-ac us-east4-c us-east5-a`),
    },
    "nvidia-h100-80gb": {
        ...COMMON,
        memoryGb: 80,
        machines: [
            { ...withSsds("a3-highgpu-1g", 1, 26, 234, 2), capacity: ["spot", "flex-start"] },
            { ...withSsds("a3-highgpu-2g", 2, 52, 468, 4), capacity: ["spot", "flex-start"] },
            { ...withSsds("a3-highgpu-4g", 4, 104, 936, 8), capacity: ["spot", "flex-start"] },
            withSsds("a3-highgpu-8g", 8, 208, 1872, 16),
            {
                ...withSsds("a3-edgegpu-8g", 8, 208, 1872, 16),
                zones: zonesIn(`asia-northeast3-ac asia-south1-c europe-west9-c northamerica-northeast2-c us-east5-a us-west4-a`),
            },
        ],
        mig: { "1g.10gb": 7, "1g.20gb": 4, "2g.20gb": 3, "3g.40gb": 2, "7g.80gb": 1 },
        zones: zonesIn(
            `asia-east1-c asia-southeast1-bc europe-west1-c europe-west4-bc us-central1-abc us-east4-abc us-east5-a us-west1-ab us-west4-a`,
        ),
    },
    "nvidia-h100-mega-80gb": {
        ...COMMON,
        memoryGb: 80,
        machines: [withSsds("a3-megagpu-8g", 8, 208, 1872, 16)],
        mig: { "1g.10gb": 7, "1g.20gb": 4, "2g.20gb": 3, "3g.40gb": 2, "7g.80gb": 1 },
        zones: zonesIn(`asia-northeast1-b asia-southeast1-bc australia-southeast1-c europe-west1-bc europe-west4-bc us-central1-abc us-east4-ab us-east5-a
            us-west1-ab us-west4-a`),
    },
    "nvidia-h200-141gb": {
        ...COMMON,
        capacity: ["spot", "flex-start", "reservation"],
        memoryGb: 141,
        machines: [withSsds("a3-ultragpu-8g", 8, 224, 2952, 32)],
        mig: { "1g.18gb": 7, "1g.35gb": 4, "2g.35gb": 3, "3g.71gb": 2, "4g.71gb": 1, "7g.141gb": 1 },
        zones: zonesIn(
            `asia-south1-b asia-south2-c europe-west1-b europe-west4-a us-central1-b us-east4-b us-east5-a us-south1-b us-west1-c`,
        ),
        needsLatestDriver: true,
    },
    "nvidia-b200": {
        ...COMMON,
        capacity: ["spot", "flex-start", "reservation"],
        memoryGb: 180,
        machines: [withSsds("a4-highgpu-8g", 8, 224, 3968, 32)],
        mig: { "1g.23gb": 7, "1g.45gb": 4, "2g.45gb": 3, "3g.90gb": 2, "4g.90gb": 1, "7g.180gb": 1 },
        zones: zonesIn(
            `asia-northeast1-b asia-southeast1-b europe-west1-b europe-west4-b us-central1-b us-east1-bd us-east4-b us-south1-b us-west2-c us-west3-bc`,
        ),
        needsLatestDriver: true,
    },
    "nvidia-gb200": {
        ...COMMON,
        capacity: ["reservation"],
        memoryGb: 186,
        machines: [withSsds("a4x-highgpu-4g", 4, 140, 884, 4, 3000)],
        mig: { "1g.23gb": 7, "1g.47gb": 4, "2g.47gb": 3, "3g.93gb": 2, "4g.93gb": 1, "7g.186gb": 1 },
        zones: zonesIn(`europe-west4-b us-central1-ab us-east1-d us-east4-b`),
        architecture: "arm64",
        needsLatestDriver: true,
    },
    // GKE's device plugin lists no partition sizes for it.
    "nvidia-gb300": {
        ...COMMON,
        capacity: ["reservation"],
        memoryGb: 279,
        machines: [withSsds("a4x-maxgpu-4g-metal", 4, 144, 960, 4, 3000)],
        zones: zonesIn(`us-central1-b us-east4-ab`),
        architecture: "arm64",
        needsLatestDriver: true,
    },
} as const satisfies Readonly<Record<string, Accelerator>>;
