import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as fc from "fast-check";
import { setTimeout as delay } from "node:timers/promises";
import { acceleratorOf, type AcceleratorName } from "../../../gke/gpu-machines";
import type { RawConfig } from "../../../components/config/handed-over";
import { parseConfig } from "../../../components/config/load";
import { isNewClaim, type StorageConfig } from "../../../components/config/fields";
import { POOL_LABEL } from "../../../k8s/gpu";
import type { KubeApi } from "../../../sandbox/kube/api";
import type { Node, Pod } from "../../../sandbox/kube/objects";
import type { Properties } from "../../../sandbox/providers/property-values";
import { listening, outputs } from "../../components/recorded";
import { runProgram } from "../../components/run-program";
import { soundConfigsIn } from "../../components/sound-configs";
import { nodePoolOf, type SimulatedCluster, simulatedCluster } from "./control-plane";

const ZONE = "us-central1-a";
/** How long a test waits for the control plane. Only a failing test waits this long. */
const WITHIN_MS = 120_000;
const SEED = 20;
const CONFIGS = 5;

/** The program's Kubernetes objects that decide where pods run, by their collections, in the order of creation. */
const COLLECTIONS: Readonly<Record<string, (namespace: string) => string>> = {
    "kubernetes:core/v1:Namespace": () => "/api/v1/namespaces",
    "kubernetes:core/v1:ServiceAccount": (namespace) => `/api/v1/namespaces/${namespace}/serviceaccounts`,
    "kubernetes:core/v1:ConfigMap": (namespace) => `/api/v1/namespaces/${namespace}/configmaps`,
    "kubernetes:core/v1:PersistentVolumeClaim": (namespace) => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
    "kubernetes:apps/v1:Deployment": (namespace) => `/apis/apps/v1/namespaces/${namespace}/deployments`,
    "kubernetes:batch/v1:Job": (namespace) => `/apis/batch/v1/namespaces/${namespace}/jobs`,
};

interface KubernetesObject {
    readonly metadata: { readonly name?: string; readonly namespace?: string };
}

interface Workload extends KubernetesObject, Readonly<Record<string, unknown>> {
    readonly spec: {
        readonly replicas?: number;
        readonly parallelism?: number;
        readonly suspend?: boolean;
        readonly template: { readonly metadata: { readonly annotations?: Quantities }; readonly spec: PodSpec };
    };
}

interface PodSpec {
    readonly containers: readonly { readonly resources: { readonly requests: Quantities; readonly limits: Quantities } }[];
}

type Quantities = Readonly<Record<string, string>>;

interface Declared {
    readonly type: string;
    readonly name: string;
    readonly inputs: Readonly<Record<string, unknown>>;
}

function isWorkload(one: Declared): one is Declared & { readonly inputs: Workload } {
    return one.type === "kubernetes:apps/v1:Deployment" || one.type === "kubernetes:batch/v1:Job";
}

/** All objects that the program declares for a stack file. */
async function declared(config: RawConfig): Promise<readonly Declared[]> {
    const made: Declared[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs }) => {
                const one: Declared = { type, name, inputs: inputs as Declared["inputs"] };
                made.push(one);
                return { id: `${name}-id`, state: { name, ...one.inputs, ...outputs({ ...one }) } };
            },
            call: ({ inputs }) => inputs as object,
        },
        "ml-platform",
        "sample",
    );
    await listening(async () => {
        await runProgram(config);
    });
    return made;
}

/** The configuration with unique names, so that all configurations of a sample fit into one cluster. */
function apart(config: RawConfig, index: number): RawConfig {
    const own = JSON.parse(JSON.stringify(config).replaceAll('"pool-', `"c${index}-pool-`)) as Record<string, object>;
    for (const section of ["inference", "workers", "training"]) {
        own[`ml-platform:${section}`] = { ...own[`ml-platform:${section}`], namespace: `c${index}-${section}` };
    }
    return own;
}

/** Pods that Kueue has admitted, with the request that provisioned their nodes. */
function admitted(template: Workload["spec"]["template"]): Workload["spec"]["template"] {
    const { metadata } = template;
    const annotations = { ...metadata.annotations, "autoscaling.x-k8s.io/consume-provisioning-request": "admitted" };
    return { ...template, metadata: { ...metadata, annotations } };
}

/** A workload with the maximum replicas of its autoscaler, and a run that its queue has admitted. */
function atMost(workload: Workload, all: readonly Declared[], name: string): Workload {
    const scaler = all.find((one) => one.type === "kubernetes:autoscaling/v2:HorizontalPodAutoscaler" && one.name === name);
    const replicas = (scaler?.inputs.spec as { maxReplicas?: number } | undefined)?.maxReplicas ?? workload.spec.replicas;
    const { suspend = false, ...spec } = workload.spec;
    const template = suspend ? admitted(spec.template) : spec.template;
    return { ...workload, spec: { ...spec, template, ...(replicas === undefined ? {} : { replicas }) } };
}

/** The claim that a configuration requires in its namespace, as a share that every node can mount. */
async function existingClaim(api: KubeApi, config: RawConfig): Promise<void> {
    const { namespace, checkpoints } = config["ml-platform:training"] as {
        readonly namespace: string;
        readonly checkpoints: StorageConfig;
    };
    if (!("claim" in checkpoints) || isNewClaim(checkpoints)) {
        return;
    }
    const accessModes = ["ReadWriteMany"];
    await api.create("/api/v1/persistentvolumes", {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: namespace },
        spec: { accessModes, capacity: { storage: "1Ti" }, nfs: { server: "10.0.0.2", path: `/${namespace}` } },
    });
    await api.create(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: checkpoints.claim },
        spec: { accessModes, resources: { requests: { storage: "1Ti" } }, storageClassName: "", volumeName: namespace },
    });
}

describe("the real scheduler on nodes of the configured shapes", () => {
    const configs = fc.sample(soundConfigsIn([ZONE]), { numRuns: CONFIGS, seed: SEED }).map(apart);
    const workloads: Workload[] = [];
    let cluster: SimulatedCluster;

    before(async function () {
        this.timeout(300_000);
        cluster = await simulatedCluster(ZONE);
        for (const config of configs) {
            const all = await declared(config);
            for (const { inputs } of all.filter(({ type }) => type === "gcp:container/nodePool:NodePool")) {
                // Name from the stack file, in place of the name that the engine would generate.
                const name = (inputs.nodeConfig as { labels: Record<string, string> }).labels[POOL_LABEL];
                await cluster.clusters.putPool(cluster.id, nodePoolOf(inputs as Properties, name ?? String(inputs.name), ZONE));
            }
            for (const [type, collection] of Object.entries(COLLECTIONS)) {
                for (const one of all.filter((candidate) => candidate.type === type)) {
                    const object = isWorkload(one) ? atMost(one.inputs, all, one.name) : (one.inputs as unknown as KubernetesObject);
                    const metadata = { ...object.metadata, name: object.metadata.name ?? one.name };
                    await cluster.api.create(collection(metadata.namespace ?? ""), { ...object, metadata });
                    if (isWorkload(one)) {
                        workloads.push(object as Workload);
                    }
                }
                if (type === "kubernetes:core/v1:Namespace") {
                    await existingClaim(cluster.api, config);
                }
            }
        }
    });

    after(async () => {
        await cluster.stop();
    });

    const pods = async (): Promise<readonly Pod[]> => (await cluster.api.get<{ items: Pod[] }>("/api/v1/pods")).items;

    it(`binds every pod of ${CONFIGS} generated configurations`, async () => {
        const expected = workloads.reduce((sum, { spec }) => sum + (spec.replicas ?? spec.parallelism ?? 1), 0);
        const deadline = Date.now() + WITHIN_MS;
        let bound: readonly Pod[] = [];
        while (bound.length < expected && Date.now() < deadline) {
            await delay(500);
            bound = (await pods()).filter(({ spec }) => spec.nodeName !== undefined);
        }
        const waiting = new Set((await pods()).filter(({ spec }) => spec.nodeName === undefined).map(({ metadata }) => metadata.name));
        const { items } = await cluster.api.get<{ items: readonly Event[] }>("/api/v1/events");
        const said = items.filter(({ involvedObject }) => waiting.has(involvedObject.name));
        expect(bound.length, said.map(({ involvedObject, message }) => `${involvedObject.name}: ${message}`).join("\n")).to.equal(expected);
        const [status] = cluster.clusters.status();
        const nodes = String(status?.nodes.length);
        expect(status?.nodes.every(({ simulated }) => simulated)).to.equal(true);
        expect(status?.notes[0]).to.contain(`${nodes} of ${nodes} nodes are simulated, because this machine runs at most 0 real nodes`);
        process.stdout.write(`      ${bound.length} pods on ${nodes} simulated nodes\n`);
    });

    it("counts the GPUs of a node by its partitions and its sharing", async () => {
        const { items } = await cluster.api.get<{ items: readonly Node[] }>("/api/v1/nodes");
        const shared = configs
            .flatMap((config) => (config["ml-platform:cluster"] as { pools: readonly Shared[] }).pools)
            .filter(({ sharing }) => sharing !== undefined)
            .flatMap(({ name, accelerator, acceleratorCount, mig, sharing }) =>
                items
                    .filter(({ metadata }) => metadata.labels?.["cloud.google.com/gke-nodepool"] === name)
                    .map(({ status }) => [
                        status?.allocatable?.["nvidia.com/gpu"],
                        String(acceleratorCount * (acceleratorOf(accelerator).mig[mig ?? ""] ?? 1) * (sharing?.clients ?? 1)),
                    ]),
            );
        expect(shared).to.not.have.length(0);
        for (const [allocatable, configured] of shared) {
            expect(allocatable).to.equal(configured);
        }
    });

    it("leaves a pod pending that requests one GPU more than a node has, which the checks refuse", async () => {
        const config = configs[0] as RawConfig;
        const inference = config["ml-platform:inference"] as {
            readonly namespace: string;
            readonly services: readonly { readonly name: string; readonly pool: string }[];
        };
        const [service] = inference.services;
        const { items } = await cluster.api.get<{ items: readonly Node[] }>("/api/v1/nodes");
        const node = items.find(({ metadata }) => metadata.labels?.["cloud.google.com/gke-nodepool"] === service?.pool);
        const gpus = Number(node?.status?.allocatable?.["nvidia.com/gpu"]) + 1;
        const greedy = { ...config, "ml-platform:inference": { ...inference, services: [{ ...service, gpus }] } };
        expect(() => parseConfig(greedy, "sample")).to.throw("ml-platform:inference.services[0].gpus");

        const workload = workloads.find(({ metadata }) => metadata.namespace === inference.namespace);
        const [container] = workload?.spec.template.spec.containers ?? [];
        if (workload === undefined || container === undefined) {
            throw new Error("the first configuration has no service");
        }
        const more = { "nvidia.com/gpu": String(gpus) };
        const resources = { requests: { ...container.resources.requests, ...more }, limits: { ...container.resources.limits, ...more } };
        const at = `/api/v1/namespaces/${inference.namespace}/pods`;
        await cluster.api.create(at, {
            apiVersion: "v1",
            kind: "Pod",
            metadata: { name: "greedy" },
            spec: { ...workload.spec.template.spec, containers: [{ ...container, resources }] },
        });
        const deadline = Date.now() + WITHIN_MS;
        let scheduled: { readonly status: string; readonly message?: string } | undefined;
        while (scheduled === undefined && Date.now() < deadline) {
            await delay(200);
            const { status } = await cluster.api.get<Pod>(`${at}/greedy`);
            scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
        }
        expect(scheduled?.status).to.equal("False");
        expect(scheduled?.message).to.contain("Insufficient nvidia.com/gpu");
    });
});

interface Event {
    readonly involvedObject: { readonly name: string };
    readonly message: string;
}

interface Shared {
    readonly name: string;
    readonly accelerator: AcceleratorName;
    readonly acceleratorCount: number;
    readonly mig?: string;
    readonly sharing?: { readonly clients: number };
}
