import type { ClusterConfig } from "../../components/cluster/config";
import type { PoolConfig } from "../../components/cluster/pools/config";
import { parseConfig } from "../../components/config/load";
import type { StackConfig } from "../../components/config/stack";
import type { ServiceConfig } from "../../components/inference/config";
import type { TrainingConfig } from "../../components/training/config";

/** Settings as the configuration's own parser gives them, so that defaults are those that users get. */
export const stack: StackConfig = parseConfig(
    {
        "gcp:project": "my-project",
        "gcp:region": "us-central1",
        "ml-platform:environment": "dev",
        "ml-platform:registry": { repository: "ml-images" },
        "ml-platform:build": { github: { owner: "team", name: "platform" } },
        "ml-platform:images": { from: "build", variant: "cpu" },
        "ml-platform:cluster": { pools: [{ name: "l4", accelerator: "nvidia-l4", maxNodes: 4, zones: ["us-central1-a"] }] },
        "ml-platform:inference": { services: [{ name: "digits", pool: "l4", cpu: "500m", memory: "1Gi" }] },
        "ml-platform:training": {
            runId: "first",
            pool: "l4",
            cpu: "1",
            sharedMemory: "8Gi",
            workingSet: "1Gi",
            checkpoints: { claim: "runs" },
        },
    },
    "test",
);

/** A section that the settings have. */
function section<T>(value: T | undefined): T {
    if (value === undefined) {
        throw new Error("the settings lack a section");
    }
    return value;
}

export const registry = section(stack.registry);
export const build = section(stack.build);
export const images = section(stack.images);

export function cluster(edits: Partial<ClusterConfig> = {}): ClusterConfig {
    return { ...section(stack.cluster), ...edits };
}

export function gpuPool(edits: Partial<PoolConfig> = {}): PoolConfig {
    return { ...section(cluster().pools[0]), ...edits };
}

export function service(edits: Partial<ServiceConfig> = {}): ServiceConfig {
    return { ...section(stack.inference?.services[0]), ...edits };
}

export function training(edits: Partial<TrainingConfig> = {}): TrainingConfig {
    return { ...section(stack.training), ...edits };
}

/** An image as a workload gets it. */
export const image = { ref: "registry.example/ml-images/digits@sha256:abc", device: "cpu" };
