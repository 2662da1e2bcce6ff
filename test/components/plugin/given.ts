/** The required inputs of each component of the package. */
const pool = { name: "l4", accelerator: "nvidia-l4", maxNodes: 2 };
const workload = { project: "other", pool, namespace: "models", image: `registry.example/models/digits@sha256:${"a".repeat(64)}` };

export const given = {
    ArtifactRegistry: { project: "other", location: "europe-west4" },
    Network: { region: "europe-west4" },
    GpuCluster: {
        project: "other",
        cluster: { location: "europe-west4", pools: [pool] },
        network: "links/net",
        subnetwork: "links/net-subnet",
        repository: "projects/other/locations/us/repositories/models",
    },
    WorkloadNamespace: { namespace: "models" },
    InferenceService: { ...workload, service: { name: "digits" } },
    Worker: { ...workload, worker: { name: "scoring" } },
    TrainingJob: { ...workload, training: { runId: "first", checkpoints: { bucket: "checkpoints" } } },
    Tensorboard: { project: "other", namespace: "models", image: workload.image, checkpoints: { bucket: "checkpoints" } },
};
