import type { Offer } from "../offer";
import { artifactRegistry } from "./artifact-registry";
import { gpuCluster } from "./gpu-cluster";
import { inferenceService } from "./inference-service";
import { network } from "./network";
import { tensorboard } from "./tensorboard";
import { trainingJob } from "./training-job";
import { workloadNamespace } from "./workload-namespace";

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
