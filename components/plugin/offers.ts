import type { Offer } from "./offer";
import { artifactRegistry } from "./offers/artifact-registry";
import { gpuCluster } from "./offers/gpu-cluster";
import { inferenceService } from "./offers/inference-service";
import { network } from "./offers/network";
import { tensorboard } from "./offers/tensorboard";
import { trainingJob } from "./offers/training-job";
import { workloadNamespace } from "./offers/workload-namespace";

/**
 * The components that make sense without the rest of the project, by the name of their type. ContainerImage and BuildTrigger are left out: they build the images
 * under `docker/` of the project that they stand in.
 */
export const offers: Readonly<Record<string, Offer>> = {
    ArtifactRegistry: artifactRegistry,
    Network: network,
    GpuCluster: gpuCluster,
    WorkloadNamespace: workloadNamespace,
    InferenceService: inferenceService,
    TrainingJob: trainingJob,
    Tensorboard: tensorboard,
};
