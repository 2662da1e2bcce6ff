import { ArtifactRegistry } from "./components/registry/artifact-registry";
import { BuildTrigger } from "./components/images/trigger/build-trigger";
import { loadConfig } from "./components/config/load";
import { ContainerImage } from "./components/images/container-image";
import { GpuCluster } from "./components/cluster/gpu-cluster";
import { InferenceService } from "./components/inference/inference-service";
import { keptObjects } from "./components/training/kept-objects";
import { Network } from "./components/cluster/network/network";
import { placementsOf } from "./components/workloads/placement";
import { releasedImages } from "./components/images/released-images";
import { sourceDirectory } from "./components/images/source/source-directory";
import { Tensorboard } from "./components/training/tensorboard";
import { TrainingJob } from "./components/training/training-job";
import { WorkloadNamespace } from "./components/workloads/workload-namespace";

// Outside of the function: what the stack file has wrong is said before anything is registered.
const config = loadConfig();

export = async () => {
    const { project, region, environment, protect, build, inference, training } = config;

    const released = { project, releasedImages: releasedImages(process.cwd(), config.images?.release) };
    const registry = config.registry && new ArtifactRegistry("registry", { ...config.registry, ...released }, { protect });
    const source = registry && config.images && { images: config.images, environment, registry };
    const inferenceImage = source && new ContainerImage("inference", { ...source, image: "inference" });
    const trainingImage = source && new ContainerImage("training", { ...source, image: "training" });
    const trigger = build && source && new BuildTrigger("build", { ...build, ...source, project, region, directory: sourceDirectory(".") });

    const network = config.cluster?.existing === false ? new Network("network", config.cluster.network) : undefined;
    const cluster =
        config.cluster && new GpuCluster("cluster", { project, cluster: config.cluster, network, images: registry?.images }, { protect });
    const kept = await keptObjects(cluster?.kubeconfig, config);
    const placementOf = placementsOf(config);
    const inside = { providers: cluster ? [cluster.provider] : [] };

    const inferenceSpace = inference && new WorkloadNamespace("inference", { ...inference, existing: kept.namespaces }, inside);
    const serving = inferenceSpace &&
        inferenceImage && { project, cluster: cluster?.name, namespace: inferenceSpace.namespace, image: inferenceImage };
    const inferenceServices = serving
        ? inference.services.map((service) => {
              return new InferenceService(service.name, { ...serving, service, placement: placementOf(service) }, inside);
          })
        : [];

    const trainingSpace = training && new WorkloadNamespace("training", { ...training, existing: kept.namespaces }, inside);
    const trains = trainingSpace && trainingImage && { project, region, namespace: trainingSpace.namespace, image: trainingImage };
    const run = trains && new TrainingJob("training", { ...trains, training, kept, placement: placementOf(training) }, inside);
    if (trains && training.tensorboard) {
        new Tensorboard("tensorboard", { ...trains, checkpoints: training.checkpoints }, inside);
    }

    return {
        ...(registry && { registryUri: registry.registryUri, cacheUri: registry.cacheUri }),
        ...(registry?.baseImagesUri && { baseImagesUri: registry.baseImagesUri }),
        ...(trigger && { buildAccount: trigger.serviceAccount.id }),
        ...(source && { images: { inference: inferenceImage?.ref, training: trainingImage?.ref }, imagesBuiltFor: source.images.builtFor }),
        ...(cluster && { clusterName: cluster.name, kubeconfig: cluster.kubeconfig }),
        services: Object.fromEntries(inferenceServices.map((service) => [service.name, service.summary])),
        ...(run && { trainingRun: run.summary }),
    };
};
