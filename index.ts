import { ArtifactRegistry } from "./components/registry/artifact-registry";
import { BuildTrigger } from "./components/images/trigger/build-trigger";
import { loadConfig } from "./components/config/load";
import { ContainerImage } from "./components/images/container-image";
import { GpuCluster } from "./components/cluster/gpu-cluster";
import { InferenceService } from "./components/inference/inference-service";
import { keptObjects } from "./components/training/kept-objects";
import { Network } from "./components/cluster/network/network";
import { releasedImages } from "./components/images/released-images";
import { sourceDirectory } from "./components/images/source/source-directory";
import { Tensorboard } from "./components/training/tensorboard";
import { TrainingJob } from "./components/training/training-job";
import { WorkloadNamespace } from "./components/workloads/workload-namespace";

// Outside of the function: what the stack file has wrong is said before anything is registered.
const config = loadConfig();

export = async () => {
    const { project, region, environment, protect, build, images, inference, training } = config;
    const services: Record<string, InferenceService["summary"]> = {};
    const outputs: Record<string, unknown> = { services };

    const released = { project, releasedImages: releasedImages(process.cwd(), images?.release) };
    const registry = config.registry && new ArtifactRegistry("registry", { ...config.registry, ...released }, { protect });
    if (registry) {
        outputs.registryUri = registry.registryUri;
        outputs.cacheUri = registry.cacheUri;
        // The engine warns of an output without a value.
        if (registry.baseImagesUri) {
            outputs.baseImagesUri = registry.baseImagesUri;
        }
    }

    const network = config.cluster?.existing === false ? new Network("network", config.cluster.network) : undefined;
    const cluster =
        config.cluster && new GpuCluster("cluster", { project, cluster: config.cluster, network, images: registry?.images }, { protect });
    if (cluster) {
        outputs.clusterName = cluster.name;
        outputs.kubeconfig = cluster.kubeconfig;
    }
    // Images are built while this waits for the cluster.
    const lookUp = keptObjects(cluster?.kubeconfig, config);

    // The checks hold that images have a registry, and that what runs has images and a cluster.
    if (registry && images) {
        const source = { images, environment, registry };
        const inferenceImage = new ContainerImage("inference", { ...source, image: "inference" });
        const trainingImage = new ContainerImage("training", { ...source, image: "training" });
        outputs.images = { inference: inferenceImage.ref, training: trainingImage.ref };
        outputs.imagesBuiltFor = images.builtFor;

        if (build) {
            const trigger = new BuildTrigger("build", { ...build, ...source, project, region, directory: sourceDirectory(".") });
            outputs.buildAccount = trigger.serviceAccount.id;
        }

        if (cluster) {
            const kept = await lookUp;
            const existing = kept.namespaces;
            const inside = { providers: [cluster.provider] };

            if (inference) {
                const { namespace } = new WorkloadNamespace("inference", { namespace: inference.namespace, existing }, inside);
                const serving = { project, cluster: cluster.name, namespace, image: inferenceImage };
                for (const service of inference.services) {
                    const { name, placement } = service;
                    services[name] = new InferenceService(name, { ...serving, service, placement }, inside).summary;
                }
            }

            if (training) {
                const { namespace } = new WorkloadNamespace("training", { namespace: training.namespace, existing }, inside);
                const trains = { project, region, namespace, image: trainingImage };
                const { placement, checkpoints } = training;
                outputs.trainingRun = new TrainingJob("training", { ...trains, training, kept, placement }, inside).summary;
                if (training.tensorboard) {
                    new Tensorboard("tensorboard", { ...trains, checkpoints }, inside);
                }
            }
        }
    }
    await lookUp;
    return outputs;
};
