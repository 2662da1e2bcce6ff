import type { DeploymentSettings } from "../../../k8s/deployments/gpu-deployment";

/** Common settings of a service and a worker, on a pool without capacity for one more pod. */
export const common = {
    placement: { pool: "l4", accelerator: "nvidia-l4", gpus: 1 },
    cpu: "2",
    memory: "4Gi",
    ephemeralStorage: "1Gi",
    replicas: 2,
    rollout: { maxSurge: 0, maxUnavailable: 1 },
    coldStartSeconds: 120,
    args: [],
} as const satisfies Partial<DeploymentSettings>;
