import type { RawConfig } from "../../components/config/handed-over";
import type { Problem } from "../../components/config/problem";

/** A configuration without problems; each row breaks it. */
export const sound: RawConfig = {
    "gcp:project": "team-ml",
    "gcp:region": "us-central1",
    "ml-platform:environment": "dev",
    "ml-platform:registry": { repository: "ml-images" },
    "ml-platform:build": { github: { owner: "team", name: "platform" } },
    "ml-platform:images": { from: "build" },
    "ml-platform:cluster": {
        pools: [
            { name: "serving", accelerator: "nvidia-l4", acceleratorCount: 2, maxNodes: 4 },
            { name: "batch", accelerator: "nvidia-tesla-t4", machineType: "n1-standard-8", capacity: "spot", maxNodes: 2 },
        ],
    },
    "ml-platform:inference": { services: [{ name: "digits", pool: "serving", gpus: 1, cpu: 2, memory: "8Gi", replicas: 2 }] },
    "ml-platform:training": {
        runId: "first",
        pool: "batch",
        memory: "16Gi",
        workingSet: "6Gi",
        checkpoints: { bucket: "team-ml-checkpoints" },
    },
};

const digest = (digit: string): string => digit.repeat(64);

/** A release of `sound`. */
export const release = {
    inference: `us-central1-docker.pkg.dev/team-ml/ml-images/inference@sha256:${digest("a")}`,
    training: `us-central1-docker.pkg.dev/team-ml/ml-images/training@sha256:${digest("b")}`,
    variant: "gpu",
};

/** The edits that make a production stack of `sound`. */
const production = {
    "ml-platform:environment": "prod",
    "ml-platform:build.approval": true,
    "ml-platform:images": { from: "release", release },
};

/** A broken configuration. */
export interface BadStack {
    readonly title: string;
    /** Name of the stack. @default dev */
    readonly stack?: string;
    /** Edits that break `sound`. */
    readonly edits: Readonly<Record<string, unknown>>;
    /** Every problem, in order. */
    readonly problems: readonly Problem[];
    /** Edits that repair it, if the remedies alone do not. */
    readonly repair?: Readonly<Record<string, unknown>>;
}

/** The bad stacks; applying the remedies, or `repair`, makes each of them sound. */
export const badStacks: readonly BadStack[] = [
    {
        title: "a wrong type",
        edits: { "ml-platform:cluster.pools[0].maxNodes": "four" },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].maxNodes",
                problem: 'must be a number, not "four"',
                remedy: "Correct the value in the stack file.",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].maxNodes": 4 },
    },
    {
        title: "an unknown key",
        edits: { "ml-platform:registry.keepNewset": 5 },
        problems: [
            {
                key: "ml-platform:registry.keepNewset",
                problem: "is not a known key; the nearest is keepNewest",
                remedy: "pulumi config set --path 'ml-platform:registry.keepNewest' 5 && pulumi config rm --path 'ml-platform:registry.keepNewset'",
            },
        ],
    },
    {
        title: "an unknown accelerator",
        edits: { "ml-platform:cluster.pools[0].accelerator": "nvidia-l40" },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].accelerator",
                problem:
                    'must be one of nvidia-tesla-t4, nvidia-tesla-p4, nvidia-tesla-p100, nvidia-tesla-v100, nvidia-l4, nvidia-rtx-pro-6000, nvidia-tesla-a100, nvidia-a100-80gb, nvidia-h100-80gb, nvidia-h100-mega-80gb, nvidia-h200-141gb, nvidia-b200, nvidia-gb200, nvidia-gb300, not "nvidia-l40"',
                remedy: "Choose one of: nvidia-tesla-t4, nvidia-tesla-p4, nvidia-tesla-p100, nvidia-tesla-v100, nvidia-l4, nvidia-rtx-pro-6000, nvidia-tesla-a100, nvidia-a100-80gb, nvidia-h100-80gb, nvidia-h100-mega-80gb, nvidia-h200-141gb, nvidia-b200, nvidia-gb200, nvidia-gb300.",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].accelerator": "nvidia-l4" },
    },
    {
        title: "a machine type that does not carry the accelerator",
        edits: { "ml-platform:cluster.pools[0].machineType": "a2-highgpu-2g" },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].machineType",
                problem: "a2-highgpu-2g does not have 2 × nvidia-l4, only g2-standard-24",
                remedy: "If g2-standard-24 is what you meant: pulumi config set --path 'ml-platform:cluster.pools[0].machineType' g2-standard-24",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].machineType": "g2-standard-24" },
    },
    {
        title: "more GPUs than a node has",
        edits: { "ml-platform:inference.services[0].gpus": 8 },
        problems: [
            {
                key: "ml-platform:inference.services[0].gpus",
                problem: "a pod requests 8 GPUs, but a node of pool serving has 2",
                remedy: "pulumi config set --path 'ml-platform:inference.services[0].gpus' 2",
            },
        ],
    },
    {
        title: "too little memory for /dev/shm",
        edits: { "ml-platform:training.memory": "8Gi" },
        problems: [
            {
                key: "ml-platform:training.memory",
                problem: "8Gi is less than sharedMemory 8Gi and workingSet 6Gi together, 14Gi",
                remedy: "pulumi config set --path 'ml-platform:training.memory' 14Gi",
            },
        ],
    },
    {
        title: "a tag instead of a digest in prod",
        stack: "prod",
        edits: { ...production, "ml-platform:images.release.inference": "us-central1-docker.pkg.dev/team-ml/ml-images/inference:latest" },
        problems: [
            {
                key: "ml-platform:images.release.inference",
                problem:
                    "must be name@sha256:… with 64 hexadecimal digits, not us-central1-docker.pkg.dev/team-ml/ml-images/inference:latest",
                remedy: "npm run promote -- --from dev --to prod",
            },
        ],
        repair: {
            "ml-platform:images.release.inference":
                "us-central1-docker.pkg.dev/team-ml/ml-images/inference@sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc",
        },
    },
    {
        title: "a run without checkpoints",
        edits: { "ml-platform:training.checkpoints": undefined },
        problems: [
            {
                key: "ml-platform:training.checkpoints",
                problem: "is missing",
                remedy: "Set it, for example: pulumi config set --path 'ml-platform:training.checkpoints.bucket' my-project-checkpoints",
            },
        ],
        repair: { "ml-platform:training.checkpoints": { bucket: "team-ml-checkpoints" } },
    },
    {
        title: "a run of a list without checkpoints",
        edits: {
            "ml-platform:training.runId": undefined,
            "ml-platform:training.checkpoints": undefined,
            "ml-platform:training.runs": [{ id: "first", checkpoints: { bucket: "team-ml-checkpoints" } }, { id: "second" }],
        },
        problems: [
            {
                key: "ml-platform:training.runs[1].checkpoints",
                problem: "is missing",
                remedy: "Set it, for example: pulumi config set --path 'ml-platform:training.runs[1].checkpoints.bucket' my-project-checkpoints",
            },
        ],
        repair: { "ml-platform:training.runs[1].checkpoints": { bucket: "team-ml-checkpoints" } },
    },
    {
        title: "a region that does not exist",
        edits: { "gcp:region": "us-centrall" },
        problems: [
            {
                key: "gcp:region",
                problem: "us-centrall is not a region of Google Cloud",
                remedy: "If us-central1 is what you meant: pulumi config set --path 'gcp:region' us-central1",
            },
        ],
        repair: { "gcp:region": "us-central1" },
    },
    {
        title: "a minimum above the maximum",
        edits: { "ml-platform:cluster.pools[0].minNodes": 6 },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].maxNodes",
                problem: "4 is below minNodes, 6",
                remedy: "For up to 6 nodes: pulumi config set --path 'ml-platform:cluster.pools[0].maxNodes' 6; or for at least 4: pulumi config set --path 'ml-platform:cluster.pools[0].minNodes' 4",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].minNodes": 4 },
    },
    {
        title: "a section that is text",
        edits: { "ml-platform:registry": "ml-images" },
        problems: [
            {
                key: "ml-platform:registry",
                problem: 'must be an object, not "ml-images"',
                remedy: "Give it as an object with repository, location, keepNewest, deleteUntaggedAfterDays, deleteCacheAfterDays, cleanupDryRun, immutableTags, scanning, kmsKey, dockerHubProxy, readers, writers, consumers.",
            },
        ],
        repair: { "ml-platform:registry": { repository: "ml-images" } },
    },
    {
        title: "an unknown section",
        edits: { "ml-platform:regisrty": { repository: "ml-images" } },
        problems: [
            {
                key: "ml-platform:regisrty",
                problem: "is not a known key; the nearest is ml-platform:registry",
                remedy: "pulumi config set --path 'ml-platform:registry.repository' ml-images && pulumi config rm --path 'ml-platform:regisrty'",
            },
        ],
    },
    {
        title: "no project",
        edits: { "gcp:project": undefined },
        problems: [
            {
                key: "gcp:project",
                problem: "is missing: the Google Cloud project to deploy to",
                remedy: "Set it to the ID of your project: gcloud projects list",
            },
        ],
        repair: { "gcp:project": "team-ml" },
    },
    {
        title: "an unknown environment",
        edits: { "ml-platform:environment": "production" },
        problems: [
            {
                key: "ml-platform:environment",
                problem: 'must be one of sandbox, dev, staging, prod, not "production"',
                remedy: "pulumi config set --path 'ml-platform:environment' prod",
            },
            {
                key: "ml-platform:images.from",
                problem: "is build, but a prod environment runs only promoted images",
                remedy: "pulumi config set --path 'ml-platform:images.from' release",
            },
        ],
        repair: { "ml-platform:environment": "dev" },
    },
    {
        title: "a stack named prod with another environment",
        stack: "prod-eu",
        edits: {},
        problems: [
            {
                key: "ml-platform:environment",
                problem: "stack prod-eu has a production name but is a dev environment, which protects nothing",
                remedy: "pulumi config set --path 'ml-platform:environment' prod",
            },
        ],
        repair: production,
    },
    {
        title: "workloads without a cluster",
        edits: { "ml-platform:cluster": undefined },
        problems: [
            {
                key: "ml-platform:cluster",
                problem: "is missing or empty, but inference needs it",
                remedy: "pulumi config set --path 'ml-platform:cluster.name' ml",
            },
        ],
        repair: {
            "ml-platform:cluster": {
                pools: [
                    { name: "serving", accelerator: "nvidia-l4", acceleratorCount: 2, maxNodes: 4 },
                    { name: "batch", accelerator: "nvidia-l4", machineType: "g2-standard-12", maxNodes: 1 },
                ],
            },
        },
    },
    {
        title: "workloads without images",
        edits: { "ml-platform:images": undefined },
        problems: [
            {
                key: "ml-platform:images",
                problem: "is missing or empty, but inference needs it",
                remedy: "pulumi config set --path 'ml-platform:images.from' build",
            },
        ],
    },
    {
        title: "images without a registry",
        edits: { "ml-platform:registry": undefined },
        problems: [
            {
                key: "ml-platform:registry",
                problem: "is missing or empty, but images needs it",
                remedy: "pulumi config set --path 'ml-platform:registry.repository' ml-images",
            },
        ],
    },
    {
        title: "a trigger without a repository",
        edits: { "ml-platform:build": { branches: "^main$" } },
        problems: [
            {
                key: "ml-platform:build",
                problem: "names no repository: it needs connection (name, remoteUri) or github (owner, name)",
                remedy: "pulumi config set --path 'ml-platform:build.github.owner' my-organization && pulumi config set --path 'ml-platform:build.github.name' my-repository",
            },
        ],
    },
    {
        title: "a trigger with two repositories",
        edits: { "ml-platform:build.connection": { name: "github", remoteUri: "https://github.com/team/platform.git" } },
        problems: [
            {
                key: "ml-platform:build.github",
                problem: "is set together with connection, but a trigger watches one repository",
                remedy: "pulumi config rm --path 'ml-platform:build.github'",
            },
        ],
    },
    {
        title: "builds in prod without approval",
        stack: "prod",
        edits: { ...production, "ml-platform:build.approval": false },
        problems: [
            {
                key: "ml-platform:build.approval",
                problem: "is false, but builds of a prod environment need an approval",
                remedy: "pulumi config set --path 'ml-platform:build.approval' true",
            },
        ],
    },
    {
        title: "a release that the build project did not build",
        stack: "prod",
        edits: { ...production, "ml-platform:cluster.binaryAuthorization": { buildProject: "another-project" } },
        problems: [
            {
                key: "ml-platform:cluster.binaryAuthorization.buildProject",
                problem: "is another-project, but the release has no image from this project",
                remedy: "pulumi config set --path 'ml-platform:cluster.binaryAuthorization.buildProject' team-ml",
            },
        ],
    },
    {
        title: "images that prod would take from its trigger",
        stack: "prod",
        edits: { ...production, "ml-platform:images.from": "cloud-build" },
        problems: [
            {
                key: "ml-platform:images.from",
                problem: "is cloud-build, but a prod environment runs only promoted images",
                remedy: "pulumi config set --path 'ml-platform:images.from' release",
            },
        ],
    },
    {
        title: "images that prod would build",
        stack: "prod",
        edits: { ...production, "ml-platform:images.from": "build" },
        problems: [
            {
                key: "ml-platform:images.from",
                problem: "is build, but a prod environment runs only promoted images",
                remedy: "pulumi config set --path 'ml-platform:images.from' release",
            },
        ],
    },
    {
        title: "a release that was never promoted",
        stack: "prod",
        edits: { ...production, "ml-platform:images.release": undefined },
        problems: [
            {
                key: "ml-platform:images.release",
                problem: "is missing: images come from a release, and none was promoted to this stack",
                remedy: "npm run promote -- --from dev --to prod",
            },
        ],
        repair: { "ml-platform:images": production["ml-platform:images"] },
    },
    {
        title: "a release without an image in use",
        stack: "prod",
        edits: { ...production, "ml-platform:images.release.training": undefined },
        problems: [
            { key: "ml-platform:images.release.training", problem: "is missing", remedy: "npm run promote -- --from dev --to prod" },
        ],
        repair: { "ml-platform:images": production["ml-platform:images"] },
    },
    {
        title: "a release without the variant of its images",
        stack: "prod",
        edits: { ...production, "ml-platform:images.release.variant": undefined },
        problems: [
            {
                key: "ml-platform:images.release.variant",
                problem:
                    "is missing: the release was written before releases recorded it. Promote again, or add the line `variant: cpu` or `variant: gpu` to the release, as its images were built",
                remedy: "npm run promote -- --from dev --to prod",
            },
        ],
        repair: { "ml-platform:images.release.variant": "gpu" },
    },
    {
        title: "a release of the only image in use, without its variant",
        stack: "prod",
        edits: { ...production, "ml-platform:inference": undefined, "ml-platform:images.release.variant": undefined },
        problems: [
            {
                key: "ml-platform:images.release.variant",
                problem:
                    "is missing: the release was written before releases recorded it. Promote again, or add the line `variant: cpu` or `variant: gpu` to the release, as its images were built",
                remedy: "npm run promote -- --from dev --to prod",
            },
        ],
        repair: { "ml-platform:images.release.variant": "gpu" },
    },
    {
        title: "a digest with one digit too many",
        stack: "prod",
        edits: { ...production, "ml-platform:images.release.training": `r/training@sha256:${"b".repeat(65)}` },
        problems: [
            {
                key: "ml-platform:images.release.training",
                problem: `must be name@sha256:… with 64 hexadecimal digits, not r/training@sha256:${"b".repeat(65)}`,
                remedy: "npm run promote -- --from dev --to prod",
            },
        ],
        repair: { "ml-platform:images": production["ml-platform:images"] },
    },
    {
        title: "CPU images promoted to GPU pools",
        stack: "prod",
        edits: { ...production, "ml-platform:images.release.variant": "cpu" },
        problems: [
            {
                key: "ml-platform:images.variant",
                problem:
                    "is missing: the promoted images compute on CPUs, but workloads land on GPU pools (serving, batch). Promote images of the gpu variant to prod, or accept CPU images",
                remedy: "pulumi config set --path 'ml-platform:images.variant' cpu",
            },
        ],
    },
    {
        title: "a variant that differs from that of the promoted images",
        stack: "prod",
        edits: { ...production, "ml-platform:images.variant": "cpu" },
        problems: [
            {
                key: "ml-platform:images.variant",
                problem: "is cpu, but the promoted images were built as gpu",
                remedy: "pulumi config set --path 'ml-platform:images.variant' gpu",
            },
        ],
    },
    {
        title: "a trigger without images",
        edits: { "ml-platform:images": undefined, "ml-platform:inference": undefined, "ml-platform:training": undefined },
        problems: [
            {
                key: "ml-platform:images",
                problem: "is missing or empty, but build needs images to build",
                remedy: "pulumi config set --path 'ml-platform:images.from' build",
            },
        ],
    },
    {
        title: "build arguments that other settings decide",
        edits: { "ml-platform:images.buildArguments": { ENABLE_GPU: "true", APP_ENV: "test", PYTHON_VERSION: "3.12" } },
        problems: [
            {
                key: "ml-platform:images.buildArguments.ENABLE_GPU",
                problem: "is decided by images.variant",
                remedy: "pulumi config rm --path 'ml-platform:images.buildArguments.ENABLE_GPU' && pulumi config set --path 'ml-platform:images.variant' gpu",
            },
            {
                key: "ml-platform:images.buildArguments.APP_ENV",
                problem: "is decided by environment",
                remedy: "pulumi config rm --path 'ml-platform:images.buildArguments.APP_ENV'",
            },
            {
                key: "ml-platform:images.buildArguments.PYTHON_VERSION",
                problem: "is decided by images.pythonVersion",
                remedy: "pulumi config rm --path 'ml-platform:images.buildArguments.PYTHON_VERSION' && pulumi config set --path 'ml-platform:images.pythonVersion' 3.12",
            },
        ],
    },
    {
        title: "secrets in build arguments",
        edits: {
            "ml-platform:images.buildArguments": {
                WANDB_API_KEY: "abc",
                INDEX: "https://user:secret@packages.example.com/simple",
                TOKENIZERS_PARALLELISM: "false",
            },
        },
        problems: [
            {
                key: "ml-platform:images.buildArguments.WANDB_API_KEY",
                problem: "looks like a secret, and build arguments stay readable in the image; provide it to the pod at run time",
                remedy: "pulumi config rm --path 'ml-platform:images.buildArguments.WANDB_API_KEY'",
            },
            {
                key: "ml-platform:images.buildArguments.INDEX",
                problem: "looks like a secret, and build arguments stay readable in the image; provide it to the pod at run time",
                remedy: "pulumi config rm --path 'ml-platform:images.buildArguments.INDEX'",
            },
        ],
    },
    {
        title: "CUDA images for arm64",
        edits: { "ml-platform:images.variant": "gpu", "ml-platform:images.platforms": ["linux/amd64", "linux/arm64"] },
        problems: [
            {
                key: "ml-platform:images.platforms",
                problem: "holds linux/arm64, but the gpu variant exists for linux/amd64 only",
                remedy: "pulumi config rm --path 'ml-platform:images.platforms'",
            },
        ],
    },
    {
        title: "a Python version that YAML read as a number",
        edits: { "ml-platform:images.pythonVersion": 3.1 },
        problems: [
            {
                key: "ml-platform:images.pythonVersion",
                problem: "must be text in quotes, not 3.1: YAML reads it as a number, which may not be what you wrote",
                remedy: "Put the value in quotes in the stack file, or set it with --type string.",
            },
        ],
        repair: { "ml-platform:images.pythonVersion": "3.11" },
    },
    {
        title: "a cluster in a zone that does not exist",
        edits: { "ml-platform:cluster.location": "us-central1-d" },
        problems: [
            {
                key: "ml-platform:cluster.location",
                problem: "us-central1-d is not a region or zone of Google Cloud",
                remedy: "Choose one of: us-central1-a, us-central1-b, us-central1-c, us-central1-f.",
            },
        ],
        repair: { "ml-platform:cluster.location": "us-central1-a" },
    },
    {
        title: "a public control plane without authorized networks",
        edits: { "ml-platform:cluster.publicEndpoint": true },
        problems: [
            {
                key: "ml-platform:cluster.publicEndpoint",
                problem: "is true, but authorizedNetworks is empty: the control plane would be reachable from nowhere or from everywhere",
                remedy: "pulumi config rm --path 'ml-platform:cluster.publicEndpoint'",
            },
        ],
    },
    {
        title: "a control plane open to the internet",
        edits: {
            "ml-platform:cluster.publicEndpoint": true,
            "ml-platform:cluster.authorizedNetworks": [
                { name: "office", cidr: "203.0.113.0/24" },
                { name: "all", cidr: "0.0.0.0/0" },
            ],
        },
        problems: [
            {
                key: "ml-platform:cluster.authorizedNetworks[1]",
                problem: "all (0.0.0.0/0) opens the control plane to more than a /8",
                remedy: "pulumi config rm --path 'ml-platform:cluster.authorizedNetworks[1]'",
            },
        ],
    },
    {
        title: "a system pool of an unknown machine type",
        edits: { "ml-platform:cluster.systemPool": { machineType: "e2-standart-4", minNodes: 4 } },
        problems: [
            {
                key: "ml-platform:cluster.systemPool.machineType",
                problem: "e2-standart-4 is not a machine type for a system pool: it is unknown or has GPUs",
                remedy: "pulumi config set --path 'ml-platform:cluster.systemPool.machineType' e2-standard-4",
            },
            {
                key: "ml-platform:cluster.systemPool.maxNodes",
                problem: "3 is below minNodes, 4",
                remedy: "For up to 4 nodes: pulumi config set --path 'ml-platform:cluster.systemPool.maxNodes' 4; or for at least 3: pulumi config set --path 'ml-platform:cluster.systemPool.minNodes' 3",
            },
        ],
        repair: { "ml-platform:cluster.systemPool": { machineType: "e2-standard-4", minNodes: 3 } },
    },
    {
        title: "two pools with one name",
        edits: { "ml-platform:cluster.pools[2]": { name: "batch", accelerator: "nvidia-l4", maxNodes: 1 } },
        problems: [
            {
                key: "ml-platform:cluster.pools[2].name",
                problem: "batch is the name of another pool",
                remedy: "pulumi config set --path 'ml-platform:cluster.pools[2].name' batch-3",
            },
        ],
    },
    {
        title: "a count that no machine type has",
        edits: { "ml-platform:cluster.pools[0].acceleratorCount": 3 },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].acceleratorCount",
                problem: "no machine type has 3 × nvidia-l4, only 1, 2, 4, 8",
                remedy: "Choose one of: 1, 2, 4, 8.",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].acceleratorCount": 2 },
    },
    {
        title: "more vCPUs than the attached GPU allows",
        edits: {
            "ml-platform:cluster.pools[1].accelerator": "nvidia-tesla-v100",
            "ml-platform:cluster.pools[1].machineType": "n1-standard-16",
        },
        problems: [
            {
                key: "ml-platform:cluster.pools[1].machineType",
                problem:
                    "n1-standard-16 does not have 1 × nvidia-tesla-v100, only n1-standard-1, n1-standard-2, n1-highmem-2, n1-highcpu-2, n1-standard-4, n1-highmem-4, n1-highcpu-4, n1-standard-8, n1-highmem-8, n1-highcpu-8",
                remedy: "Choose one of: n1-standard-1, n1-standard-2, n1-highmem-2, n1-highcpu-2, n1-standard-4, n1-highmem-4, n1-highcpu-4, n1-standard-8, n1-highmem-8, n1-highcpu-8.",
            },
        ],
        repair: { "ml-platform:cluster.pools[1].machineType": "n1-highmem-8" },
    },
    {
        title: "partitions of a GPU that does not support them",
        edits: { "ml-platform:cluster.pools[0].mig": "1g.5gb" },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].mig",
                problem: "nvidia-l4 does not support MIG partitions",
                remedy: "pulumi config rm --path 'ml-platform:cluster.pools[0].mig'",
            },
        ],
    },
    {
        title: "partitions of another GPU's size",
        edits: { "ml-platform:cluster.pools[0].accelerator": "nvidia-a100-80gb", "ml-platform:cluster.pools[0].mig": "1g.5gb" },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].mig",
                problem: "nvidia-a100-80gb does not support MIG partitions of 1g.5gb, only 1g.10gb, 2g.20gb, 3g.40gb, 7g.80gb",
                remedy: "If 1g.10gb is what you meant: pulumi config set --path 'ml-platform:cluster.pools[0].mig' 1g.10gb",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].mig": "1g.10gb" },
    },
    {
        title: "local SSDs in addition to built-in ones",
        edits: { "ml-platform:cluster.pools[0].accelerator": "nvidia-a100-80gb", "ml-platform:cluster.pools[0].localSsds": 1 },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].localSsds",
                problem: "a2-ultragpu-2g comes with 2 local SSDs and supports no others",
                remedy: "pulumi config rm --path 'ml-platform:cluster.pools[0].localSsds'",
            },
        ],
    },
    {
        title: "more local SSDs than the machine supports",
        edits: { "ml-platform:cluster.pools[0].localSsds": 5 },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].localSsds",
                problem: "g2-standard-24 takes 0 or 2 local SSDs, not 5",
                remedy: "If 2 is what you meant: pulumi config set --path 'ml-platform:cluster.pools[0].localSsds' 2",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].localSsds": 2 },
    },
    {
        title: "a number of local SSDs that the machine does not support",
        edits: { "ml-platform:cluster.pools[0].localSsds": 1 },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].localSsds",
                problem: "g2-standard-24 takes 0 or 2 local SSDs, not 1",
                remedy: "Choose one of: 0, 2.",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].localSsds": 0 },
    },
    {
        title: "capacity that is not offered",
        edits: {
            "ml-platform:cluster.pools[0].accelerator": "nvidia-h100-80gb",
            "ml-platform:cluster.pools[0].capacity": [{ reservation: "team" }, "on-demand", "spot"],
        },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].capacity",
                problem: "a3-highgpu-2g is not available as reservation or on-demand, only as spot, flex-start",
                remedy: "Set it in the stack file to spot or flex-start.",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].capacity": "spot" },
    },
    {
        title: "an accelerator that has to be reserved",
        edits: {
            "ml-platform:cluster.pools[0].accelerator": "nvidia-gb200",
            "ml-platform:cluster.pools[0].acceleratorCount": 4,
            "ml-platform:images.platforms": ["linux/amd64", "linux/arm64"],
            "ml-platform:images.variant": "cpu",
        },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].capacity",
                problem: "a4x-highgpu-4g is not available as on-demand, only as reservation",
                remedy: "Set it in the stack file to { reservation: name }.",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].capacity": { reservation: "my-reservation" } },
    },
    {
        title: "nodes in another region",
        edits: { "ml-platform:cluster.pools[0].zones": ["us-east1-b"] },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].zones[0]",
                problem: "us-east1-b is not a zone of us-central1, which has us-central1-a, us-central1-b, us-central1-c, us-central1-f",
                remedy: "Choose one of: us-central1-a, us-central1-b, us-central1-c.",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].zones[0]": "us-central1-b" },
    },
    {
        title: "an upgrade that can neither add nor remove a node",
        edits: { "ml-platform:cluster.pools[0].upgrade": { maxSurge: 0, maxUnavailable: 0 } },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].upgrade.maxUnavailable",
                problem: "is 0, and so is maxSurge: an upgrade could neither add nor remove a node",
                remedy: "pulumi config set --path 'ml-platform:cluster.pools[0].upgrade.maxUnavailable' 1",
            },
        ],
    },
    {
        title: "two services with one name",
        edits: { "ml-platform:inference.services[1]": { name: "digits", pool: "serving", cpu: 1 } },
        problems: [
            {
                key: "ml-platform:inference.services[1].name",
                problem: "digits is the name of another service",
                remedy: "pulumi config set --path 'ml-platform:inference.services[1].name' digits-2",
            },
        ],
    },
    {
        title: "a pool that does not exist",
        edits: { "ml-platform:inference.services[0].pool": "srving" },
        problems: [
            {
                key: "ml-platform:inference.services[0].pool",
                problem: "the cluster has no pool srving; the nearest is serving",
                remedy: "pulumi config set --path 'ml-platform:inference.services[0].pool' serving",
            },
        ],
    },
    {
        title: "more than one share of a GPU",
        edits: {
            "ml-platform:cluster.pools[0].sharing": { strategy: "time-sharing", clients: 4 },
            "ml-platform:inference.services[0].gpus": 2,
        },
        problems: [
            {
                key: "ml-platform:inference.services[0].gpus",
                problem: "is 2, but pool serving shares its GPUs, and a pod gets one share",
                remedy: "pulumi config set --path 'ml-platform:inference.services[0].gpus' 1",
            },
        ],
    },
    {
        title: "more CPU than any machine leaves",
        edits: { "ml-platform:inference.services[0].cpu": 24 },
        problems: [
            {
                key: "ml-platform:inference.services[0].cpu",
                problem: "a pod requests 24 CPU, but g2-standard-24 (pool serving) leaves 23120m to pods",
                remedy: "pulumi config set --path 'ml-platform:inference.services[0].cpu' 23120m",
            },
        ],
    },
    {
        title: "more CPU than the machine leaves",
        edits: { "ml-platform:training.cpu": 8 },
        problems: [
            {
                key: "ml-platform:training.cpu",
                problem:
                    "a pod requests 8250m CPU, 250m of it for the Cloud Storage FUSE sidecar, but n1-standard-8 (pool batch) leaves 7160m to pods",
                remedy: "For a larger machine: pulumi config set --path 'ml-platform:cluster.pools[1].machineType' n1-standard-16; or for a smaller request: pulumi config set --path 'ml-platform:training.cpu' 6910m",
            },
        ],
        repair: { "ml-platform:training.cpu": "6910m" },
    },
    {
        title: "more memory than the machine leaves",
        edits: { "ml-platform:training.memory": "28Gi" },
        problems: [
            {
                key: "ml-platform:training.memory",
                problem:
                    "a pod requests 28928Mi of memory, 256Mi of it for the Cloud Storage FUSE sidecar, but n1-standard-8 (pool batch) leaves 25513Mi to pods",
                remedy: "For a larger machine: pulumi config set --path 'ml-platform:cluster.pools[1].machineType' n1-highmem-8; or for a smaller request: pulumi config set --path 'ml-platform:training.memory' 25257Mi",
            },
        ],
        repair: { "ml-platform:cluster.pools[1].machineType": "n1-highmem-8" },
    },
    {
        title: "a fixed number of pods with an autoscaler",
        edits: { "ml-platform:inference.services[0].autoscaling": { max: 3 } },
        problems: [
            {
                key: "ml-platform:inference.services[0].replicas",
                problem: "is set together with autoscaling, which decides the number of pods",
                remedy: "pulumi config rm --path 'ml-platform:inference.services[0].replicas'",
            },
        ],
    },
    {
        title: "an autoscaler's minimum above its maximum",
        edits: {
            "ml-platform:inference.services[0].replicas": undefined,
            "ml-platform:inference.services[0].autoscaling": { min: 4, max: 3 },
        },
        problems: [
            {
                key: "ml-platform:inference.services[0].autoscaling.max",
                problem: "3 is below autoscaling.min, 4",
                remedy: "For up to 4 pods: pulumi config set --path 'ml-platform:inference.services[0].autoscaling.max' 4; or for at least 3: pulumi config set --path 'ml-platform:inference.services[0].autoscaling.min' 3",
            },
        ],
        repair: { "ml-platform:inference.services[0].autoscaling": { min: 3, max: 3 } },
    },
    {
        title: "an autoscaler that the pool cannot follow",
        edits: {
            "ml-platform:inference.services[0].replicas": undefined,
            "ml-platform:inference.services[0].autoscaling": { min: 1, max: 10 },
        },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].maxNodes",
                problem: "4 is too few: service digits: 10 × 1 GPU need 5 nodes",
                remedy: "For 5 nodes: pulumi config set --path 'ml-platform:cluster.pools[0].maxNodes' 5; or reduce the number of pods.",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].maxNodes": 5 },
    },
    {
        title: "scaling by the duty cycle of a shared GPU",
        edits: {
            "ml-platform:cluster.pools[0].sharing": { strategy: "time-sharing", clients: 4 },
            "ml-platform:inference.services[0].replicas": undefined,
            "ml-platform:inference.services[0].autoscaling": { max: 3, metric: "gpu-duty-cycle", target: 60 },
        },
        problems: [
            {
                key: "ml-platform:inference.services[0].autoscaling.metric",
                problem: "is gpu-duty-cycle, but pool serving shares its GPUs, and the duty cycle of a shared GPU counts all its pods",
                remedy: "pulumi config set --path 'ml-platform:inference.services[0].autoscaling.metric' requests-in-flight",
            },
        ],
    },
    {
        title: "MPS for pods that must not share the host's IPC",
        edits: { "ml-platform:cluster.pools[0].sharing": { strategy: "mps", clients: 4 } },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].sharing.strategy",
                problem:
                    "is mps, for which pods must share the host's IPC; the namespace of service digits refuses that (Pod Security restricted), and time-sharing does not need it",
                remedy: "pulumi config set --path 'ml-platform:cluster.pools[0].sharing.strategy' time-sharing",
            },
        ],
    },
    {
        title: "a compute class with a name of GKE's own",
        edits: {
            "ml-platform:cluster.pools[0].name": "gke-serving",
            "ml-platform:cluster.pools[0].capacity": ["on-demand", "spot"],
            "ml-platform:inference.services[0].pool": "gke-serving",
        },
        problems: [
            {
                key: "ml-platform:cluster.pools[0].name",
                problem:
                    "gke-serving is not a valid name for the compute class that several sources of capacity need: GKE reserves names that begin with gke or autopilot",
                remedy: "pulumi config set --path 'ml-platform:cluster.pools[0].name' pool-gke-serving && pulumi config set --path 'ml-platform:inference.services[0].pool' pool-gke-serving",
            },
        ],
        repair: { "ml-platform:cluster.pools[0].name": "serving", "ml-platform:inference.services[0].pool": "serving" },
    },
    {
        title: "TensorBoard with an image that does not contain it",
        edits: { "ml-platform:images.buildArguments": { TRACKERS: "none" }, "ml-platform:training.tensorboard": true },
        problems: [
            {
                key: "ml-platform:images.buildArguments.TRACKERS",
                problem: "is none, but training.tensorboard is true, and TensorBoard is only in an image that is built with all",
                remedy: "pulumi config set --path 'ml-platform:images.buildArguments.TRACKERS' all",
            },
        ],
    },
    {
        title: "a volume over the temporary files, and a cache of one that is written",
        edits: {
            "ml-platform:inference.services[0].volumes": [
                { claim: "files", path: "/tmp/files" },
                { bucket: "answers", path: "/answers", readOnly: false, cache: "1Gi" },
            ],
        },
        problems: [
            {
                key: "ml-platform:inference.services[0].volumes[0].path",
                problem: "/tmp/files overlaps /tmp, where the container has its temporary files",
                remedy: "Choose another path, such as /adapters.",
            },
            {
                key: "ml-platform:inference.services[0].volumes[1].cache",
                problem: "is set, but pods write bucket answers, and a cache hides what changes",
                remedy: "pulumi config rm --path 'ml-platform:inference.services[0].volumes[1].cache'",
            },
        ],
        repair: {
            "ml-platform:inference.services[0].volumes": [
                { claim: "files", path: "/files" },
                { bucket: "answers", path: "/answers", readOnly: false },
            ],
        },
    },
    {
        title: "a new claim for a model, which would be empty",
        edits: { "ml-platform:inference.services[0].model": { claim: "models", size: "10Gi" } },
        problems: [
            {
                key: "ml-platform:inference.services[0].model.size",
                problem: "is not a known key; the known keys are bucket, cache, claim",
                remedy: "Rename it in the stack file to the key that you meant, or remove it: pulumi config rm --path 'ml-platform:inference.services[0].model.size'",
            },
        ],
        repair: { "ml-platform:inference.services[0].model": { claim: "models" } },
    },
    {
        title: "a longer grace period than a spot node has",
        edits: { "ml-platform:training.graceSeconds": 60 },
        problems: [
            {
                key: "ml-platform:training.graceSeconds",
                problem: "is 60, but pods on a spot node get at most 15 seconds",
                remedy: "pulumi config set --path 'ml-platform:training.graceSeconds' 15",
            },
        ],
    },
    {
        title: "a new disk for the checkpoints of a run on several nodes",
        edits: { "ml-platform:training.nodes": 2, "ml-platform:training.checkpoints": { claim: "checkpoints", size: "10Gi" } },
        problems: [
            {
                key: "ml-platform:training.checkpoints",
                problem:
                    "claim checkpoints has a size, so the stack creates it as a disk for one node at a time, but the run has 2 nodes: use a bucket, or a claim of your own, without a size, that many nodes can mount",
                remedy: "pulumi config rm --path 'ml-platform:training.checkpoints' && pulumi config set --path 'ml-platform:training.checkpoints.bucket' team-ml-checkpoints",
            },
        ],
    },
    {
        title: "a new disk for the data of a run on several nodes, repaired with an existing claim",
        edits: { "ml-platform:training.nodes": 2, "ml-platform:training.data": { claim: "digits", size: "10Gi" } },
        problems: [
            {
                key: "ml-platform:training.data",
                problem:
                    "claim digits has a size, so the stack creates it as a disk for one node at a time, but the run has 2 nodes: use a bucket, or a claim of your own, without a size, that many nodes can mount",
                remedy: "pulumi config rm --path 'ml-platform:training.data' && pulumi config set --path 'ml-platform:training.data.bucket' team-ml-data",
            },
        ],
        repair: { "ml-platform:training.data": { claim: "digits" } },
    },
    {
        title: "a run of more nodes than the pool has",
        edits: { "ml-platform:training.nodes": 4 },
        problems: [
            {
                key: "ml-platform:cluster.pools[1].maxNodes",
                problem: "2 is too few: run first: 4 × 1 GPU need 4 nodes",
                remedy: "For 4 nodes: pulumi config set --path 'ml-platform:cluster.pools[1].maxNodes' 4; or reduce the number of pods.",
            },
        ],
        repair: { "ml-platform:cluster.pools[1].maxNodes": 4 },
    },
    {
        title: "a negative number",
        edits: { "ml-platform:training.backoffLimit": -1 },
        problems: [
            {
                key: "ml-platform:training.backoffLimit",
                problem: "must be at least 0, not -1",
                remedy: "pulumi config set --path 'ml-platform:training.backoffLimit' 0",
            },
        ],
    },
    {
        title: "a host that is not a name",
        edits: { "ml-platform:inference.services[0].public": { host: "https://predict" } },
        problems: [
            {
                key: "ml-platform:inference.services[0].public.host",
                problem: 'must be a host name such as predict.example.com, not "https://predict"',
                remedy: "Correct the value in the stack file.",
            },
        ],
        repair: { "ml-platform:inference.services[0].public.host": "predict.example.com" },
    },
    {
        title: "a key in another region than the repository",
        edits: { "ml-platform:registry.kmsKey": "projects/keys/locations/europe-west1/keyRings/ring/cryptoKeys/images" },
        repair: { "ml-platform:registry.kmsKey": "projects/keys/locations/us-central1/keyRings/ring/cryptoKeys/images" },
        problems: [
            {
                key: "ml-platform:registry.kmsKey",
                problem: "is a key in europe-west1, but the repository is in us-central1: a repository requires a key in the same location",
                remedy: "Name a key in us-central1, or set ml-platform:registry.location to europe-west1",
            },
        ],
    },
    {
        title: "a global key, for a regional repository",
        edits: { "ml-platform:registry.kmsKey": "projects/keys/locations/global/keyRings/ring/cryptoKeys/images" },
        repair: { "ml-platform:registry.kmsKey": "projects/keys/locations/us-central1/keyRings/ring/cryptoKeys/images" },
        problems: [
            {
                key: "ml-platform:registry.kmsKey",
                problem: "is a key in global, but the repository is in us-central1: a repository requires a key in the same location",
                remedy: "Name a key in us-central1",
            },
        ],
    },
    {
        title: "a clean-up beyond the limits of Google's APIs",
        edits: { "ml-platform:registry.keepNewest": 3_000_000_000, "ml-platform:registry.deleteCacheAfterDays": 4_000_000 },
        problems: [
            {
                key: "ml-platform:registry.keepNewest",
                problem: "must be at most 2147483647, not 3000000000",
                remedy: "pulumi config set --path 'ml-platform:registry.keepNewest' 2147483647",
            },
            {
                key: "ml-platform:registry.deleteCacheAfterDays",
                problem: "must be at most 3652500, not 4000000",
                remedy: "pulumi config set --path 'ml-platform:registry.deleteCacheAfterDays' 3652500",
            },
        ],
    },
    {
        title: "a project's name instead of its ID",
        edits: { "ml-platform:registry.consumers": ["My Project"] },
        problems: [
            {
                key: "ml-platform:registry.consumers[0]",
                problem: 'must be the number or the id of a project, not "My Project"',
                remedy: "Correct the value in the stack file.",
            },
        ],
        repair: { "ml-platform:registry.consumers": [] },
    },
    {
        title: "allUsers as a reader",
        edits: { "ml-platform:registry.readers": ["allUsers"] },
        problems: [
            {
                key: "ml-platform:registry.readers[0]",
                problem: 'would give access to everyone on the internet; it must be a user, group or service account, not "allUsers"',
                remedy: "Correct the value in the stack file.",
            },
        ],
        repair: { "ml-platform:registry.readers": [] },
    },
    {
        title: "members in forms that IAM does not accept",
        edits: { "ml-platform:registry.readers": ["user:x"], "ml-platform:registry.writers": ["serviceAccount:a@b"] },
        problems: [
            {
                key: "ml-platform:registry.readers[0]",
                problem: 'must be a user as IAM writes it, such as user:ann@example.com, not "user:x"',
                remedy: "Correct the value in the stack file.",
            },
            {
                key: "ml-platform:registry.writers[0]",
                problem:
                    'must be a serviceAccount as IAM writes it, such as serviceAccount:ci@my-project.iam.gserviceaccount.com, not "serviceAccount:a@b"',
                remedy: "Correct the value in the stack file.",
            },
        ],
        repair: { "ml-platform:registry.readers": ["user:ann@example.com"], "ml-platform:registry.writers": [] },
    },
    {
        title: "a service account as a user",
        edits: { "ml-platform:registry.readers": ["user:ci@my-project.iam.gserviceaccount.com"] },
        problems: [
            {
                key: "ml-platform:registry.readers[0]",
                problem:
                    'must be serviceAccount:ci@my-project.iam.gserviceaccount.com, because the address is one of a service account, not "user:ci@my-project.iam.gserviceaccount.com"',
                remedy: "Correct the value in the stack file.",
            },
        ],
        repair: { "ml-platform:registry.readers": ["serviceAccount:ci@my-project.iam.gserviceaccount.com"] },
    },
    {
        title: "storage that is neither bucket nor claim",
        edits: { "ml-platform:training.checkpoints": "team-ml-checkpoints" },
        problems: [
            {
                key: "ml-platform:training.checkpoints",
                problem: 'must be { bucket: name, create?: true } or { claim: name, size?: quantity }, not "team-ml-checkpoints"',
                remedy: "Give it as an object with bucket, create, claim, size.",
            },
        ],
        repair: { "ml-platform:training.checkpoints": { bucket: "team-ml-checkpoints" } },
    },
    {
        title: "many problems in every section at once",
        edits: {
            "gcp:region": "europe-west11",
            "ml-platform:registry.scaning": true,
            "ml-platform:build.timeoutSeconds": 100000,
            "ml-platform:images.variant": "cuda",
            "ml-platform:cluster.pools[0].acceleratorCount": 16,
            "ml-platform:cluster.pools[1].maxNodes": "2",
            "ml-platform:cluster.pools[1].minNodes": 1,
            "ml-platform:inference.services[0].memory": "8GB",
            "ml-platform:training.memory": "4Gi",
            "ml-platform:training.graceSeconds": 60,
        },
        problems: [
            {
                key: "ml-platform:registry.scaning",
                problem: "is not a known key; the nearest is scanning",
                remedy: "pulumi config set --path 'ml-platform:registry.scanning' true && pulumi config rm --path 'ml-platform:registry.scaning'",
            },
            {
                key: "ml-platform:build.timeoutSeconds",
                problem: "must be at most 86400, not 100000",
                remedy: "pulumi config set --path 'ml-platform:build.timeoutSeconds' 86400",
            },
            {
                key: "ml-platform:images.variant",
                problem: 'must be one of cpu, gpu, not "cuda"',
                remedy: "Choose one of: cpu, gpu.",
            },
            {
                key: "ml-platform:cluster.pools[1].maxNodes",
                problem: 'must be a number, not "2"',
                remedy: "pulumi config set --path 'ml-platform:cluster.pools[1].maxNodes' 2",
            },
            {
                key: "ml-platform:inference.services[0].memory",
                problem: 'must be a memory quantity such as 512Mi, 8Gi or 8G, more than 0, not "8GB"',
                remedy: "Choose one of: 8Gi, 8G.",
            },
            {
                key: "gcp:region",
                problem: "europe-west11 is not a region of Google Cloud",
                remedy: "Choose one of: europe-west1, europe-west10, europe-west12, europe-west2, europe-west3, europe-west4, europe-west6, europe-west8, europe-west9.",
            },
            {
                key: "ml-platform:cluster.pools[0].acceleratorCount",
                problem: "no machine type has 16 × nvidia-l4, only 1, 2, 4, 8",
                remedy: "Choose one of: 1, 2, 4, 8.",
            },
            {
                key: "ml-platform:training.memory",
                problem: "4Gi is less than sharedMemory 8Gi and workingSet 6Gi together, 14Gi",
                remedy: "pulumi config set --path 'ml-platform:training.memory' 14Gi",
            },
            {
                key: "ml-platform:training.graceSeconds",
                problem: "is 60, but pods on a spot node get at most 15 seconds",
                remedy: "pulumi config set --path 'ml-platform:training.graceSeconds' 15",
            },
        ],
        repair: {
            "gcp:region": "us-central1",
            "ml-platform:registry.scaning": undefined,
            "ml-platform:build.timeoutSeconds": 86400,
            "ml-platform:images.variant": "gpu",
            "ml-platform:cluster.pools[0].acceleratorCount": 8,
            "ml-platform:cluster.pools[1].maxNodes": 2,
            "ml-platform:inference.services[0].memory": "8Gi",
            "ml-platform:training.memory": "14Gi",
            "ml-platform:training.graceSeconds": 15,
        },
    },
];
