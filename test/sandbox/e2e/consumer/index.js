// A program that uses the components as a package.
"use strict";

const kubernetes = require("@pulumi/kubernetes");
const pulumi = require("@pulumi/pulumi");

/** What the package's SDK would contain, for each component: a call with its outputs to be filled in. */
const make = (type, name, inputs, outputs, opts) =>
    new pulumi.ComponentResource(
        "ml-platform:index:" + type,
        name,
        { ...Object.fromEntries(outputs.map((key) => [key])), ...inputs },
        opts,
        true,
    );

const config = new pulumi.Config();
const project = "other";
const pool = { name: "l4", accelerator: "nvidia-l4", maxNodes: config.getNumber("nodes") ?? 2 };
const { registryUri, repository } = make("ArtifactRegistry", "models", { project, location: "us-central1", repository: "models" }, [
    "registryUri",
    "repository",
]);
const { network, subnetwork } = make("Network", "net", { region: "us-central1" }, ["network", "subnetwork"]);
const { kubeconfig } = make(
    "GpuCluster",
    "gpus",
    { project, cluster: { name: "other", location: "us-central1-a", endpoint: "ip", pools: [pool] }, network, subnetwork, repository },
    ["kubeconfig"],
);
const inside = { provider: new kubernetes.Provider("gpus", { kubeconfig }) };
const { namespace } = make("WorkloadNamespace", "models", { namespace: "models" }, ["namespace"], inside);
if (config.getBoolean("workloads")) {
    const image = pulumi.interpolate`${registryUri}/digits@sha256:${"a".repeat(64)}`;
    const checkpoints = { claim: "checkpoints", size: "1Gi" };
    const workload = { project, pool, namespace, image };
    make("InferenceService", "digits", { ...workload, service: { name: "digits", cpu: "500m", memory: "1Gi" } }, ["url"], inside);
    make("Worker", "scoring", { ...workload, worker: { name: "scoring", cpu: "500m", memory: "1Gi" } }, ["deployment"], inside);
    make("TrainingJob", "run", { ...workload, training: { runId: "first", cpu: "1", checkpoints } }, ["job"], inside);
    make("Tensorboard", "logs", { project, namespace, image, checkpoints }, [], inside);
}
exports.registryUri = registryUri;
exports.namespace = namespace;
