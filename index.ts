import { AdmissionPolicy } from "./components/cluster/admission/admission-policy";
import { ArtifactRegistry } from "./components/registry/artifact-registry";
import { BuildTrigger } from "./components/images/trigger/build-trigger";
import { loadConfig } from "./components/config/load";
import { workloadsOf } from "./components/config/checks";
import { GpuCluster } from "./components/cluster/gpu-cluster";
import { InferenceService } from "./components/inference/inference-service";
import { keptObjects } from "./components/training/kept-objects";
import { Network } from "./components/cluster/network/network";
import { Queues } from "./components/cluster/queues/queues";
import { releasedImages } from "./components/images/released-images";
import { StackImages } from "./components/images/stack-images";
import { sourceDirectory } from "./components/images/source/git";
import { Tensorboard } from "./components/training/tensorboard";
import { TrainingJob } from "./components/training/training-job";
import { Worker } from "./components/workers/worker";
import { WorkloadNamespace } from "./components/workloads/workload-namespace";

// At module level, so that problems of the stack file are reported before any resource is registered.
const config = loadConfig();
const workloads = workloadsOf(config);

export = async () => {
    const { project, region, environment, protect, build, images, inference, workers, training } = config;
    const services: Record<string, InferenceService["summary"]> = {};
    const outputs: Record<string, unknown> = { services };

    const released = { project, releasedImages: releasedImages(process.cwd(), images?.release) };
    const registry = config.registry && new ArtifactRegistry("registry", { ...config.registry, ...released }, { protect });
    if (registry) {
        outputs.registryUri = registry.registryUri;
        outputs.cacheUri = registry.cacheUri;
        // Omit an output without a value, because the engine warns about it.
        if (registry.baseImagesUri) {
            outputs.baseImagesUri = registry.baseImagesUri;
        }
    }

    const network = config.cluster?.existing === false ? new Network("network", config.cluster.network) : undefined;
    const cluster =
        config.cluster &&
        new GpuCluster(
            "cluster",
            { project, cluster: config.cluster, network, images: registry?.images, baseImages: registry?.baseImages },
            { protect },
        );
    if (cluster) {
        outputs.clusterName = cluster.name;
        outputs.kubeconfig = cluster.kubeconfig;
    }
    const queues =
        config.cluster?.queues && cluster
            ? new Queues("queues", { cluster: config.cluster, workloads, deletedWith: cluster.resource }, { providers: [cluster.provider] })
            : undefined;
    // Images are built while this waits for the cluster.
    const lookUp = keptObjects(cluster?.kubeconfig, { ...config, workloads });

    // The checks ensure that images have a registry, and that workloads have images and a cluster.
    if (registry && images) {
        const source = { images, environment, registry };
        const directory = sourceDirectory(".");
        const trigger = build && new BuildTrigger("build", { ...build, ...source, project, region, directory });
        if (trigger) {
            outputs.buildAccount = trigger.serviceAccount.id;
        }
        const stackImages = new StackImages({ ...source, digests: trigger?.digests });
        outputs.images = stackImages.refs;
        outputs.imagesBuiltFor = stackImages.builtFor;

        if (cluster) {
            const kept = await lookUp;
            const existing = kept.namespaces;
            const attested = config.cluster.binaryAuthorization;
            const foreign = attested && stackImages.foreignTo(attested.buildProject);
            const admission =
                attested &&
                new AdmissionPolicy("admission", {
                    ...{ ...attested, project, queues: config.cluster.queues, images: foreign, built: trigger?.digests },
                });
            // Pods are created after the policy that they have to meet.
            const inside = { providers: [cluster.provider], dependsOn: admission ? [admission] : [] };

            if (inference) {
                const { namespace } = new WorkloadNamespace("inference", { namespace: inference.namespace, existing }, inside);
                const serving = { project, cluster: cluster.name, namespace };
                for (const service of inference.services) {
                    const image = stackImages.of(service.image);
                    services[service.name] = new InferenceService(service.name, { ...service, ...serving, image }, inside).summary;
                }
            }

            if (workers) {
                const { namespace } = new WorkloadNamespace("workers", { namespace: workers.namespace, existing }, inside);
                outputs.workers = Object.fromEntries(
                    workers.workers.map((worker) => {
                        const image = stackImages.of(worker.image);
                        return [worker.name, new Worker(worker.name, { ...worker, project, namespace, image }, inside).summary];
                    }),
                );
            }

            if (training) {
                const { namespace } = new WorkloadNamespace("training", { namespace: training.namespace, existing }, inside);
                const runs = training.runs.map((run) => ({ ...run, image: stackImages.of(run.image) }));
                const queue = queues?.localQueue("training", namespace);
                const queued = { ...inside, dependsOn: [...inside.dependsOn, ...(queue ? [queue] : [])] };
                const { summaries } = new TrainingJob("training", { project, region, namespace, runs, kept }, queued);
                outputs.trainingRuns = summaries;
                if (training.runId !== undefined) {
                    outputs.trainingRun = summaries[training.runId];
                }
                if (training.tensorboard) {
                    const { checkpoints, image } = training.tensorboard;
                    new Tensorboard("tensorboard", { project, namespace, checkpoints, image: stackImages.of(image) }, inside);
                }
            }
        }
    }
    await lookUp;
    return outputs;
};
