import type { Offer } from "../offer";
import { artifactRegistry } from "./artifact-registry";
import { gpuCluster } from "./gpu-cluster";
import { inferenceService } from "./inference-service";
import { network } from "./network";
import { tensorboard } from "./tensorboard";
import { trainingJob } from "./training-job";
import { worker } from "./worker";
import { workloadNamespace } from "./workload-namespace";

/**
 * The components that are useful without the rest of the project, by the name of their type. ContainerImage and BuildTrigger are left out: they build the images
 * under `docker/` of their own project.
 */
export const offers: Readonly<Record<string, Offer>> = {
    ArtifactRegistry: artifactRegistry,
    Network: network,
    GpuCluster: gpuCluster,
    WorkloadNamespace: workloadNamespace,
    InferenceService: inferenceService,
    Worker: worker,
    TrainingJob: trainingJob,
    Tensorboard: tensorboard,
};
