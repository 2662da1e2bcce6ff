import { setTimeout as delay } from "node:timers/promises";
import { GKE_KINDS } from "./gke-kinds";
import type { KubeApi } from "../../kube/api";
import type { Node } from "../../kube/objects";
import type { NodePool } from "./node-pool";
import { shapeOf } from "./node-shape";
import { nodeShapePolicy, policyName } from "./node-shape-policy";
import { resourceList } from "../../kube/resources";
import { STORAGE_CLASSES } from "./volumes";

const ACCOUNT_WITHIN_MS = 20_000;
const SHAPE_WITHIN_MS = 20_000;
const ADMISSION = "/apis/admissionregistration.k8s.io/v1";

/** Creates the objects of a new GKE cluster. */
export async function applyDefaults(api: KubeApi, dns: string): Promise<void> {
    const nameServer = {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "kube-dns", namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
        spec: {
            clusterIP: dns,
            ports: [
                { name: "dns", port: 53, protocol: "UDP" },
                { name: "dns-tcp", port: 53, protocol: "TCP" },
            ],
        },
    };
    await Promise.all([
        api.apply("/api/v1/namespaces/kube-system/services/kube-dns", nameServer),
        ...STORAGE_CLASSES.map((object) => api.apply(`/apis/storage.k8s.io/v1/storageclasses/${nameOf(object)}`, object)),
        ...GKE_KINDS.map((object) => api.apply(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${nameOf(object)}`, object)),
    ]);
}

/** Waits until the controller manager has created the default service account. Until then, the API server rejects pods. */
export async function awaitDefaultAccount(api: KubeApi): Promise<void> {
    const deadline = Date.now() + ACCOUNT_WITHIN_MS;
    while ((await api.find("/api/v1/namespaces/default/serviceaccounts/default")) === undefined) {
        if (Date.now() > deadline) {
            throw new Error("The controller manager did not create the service account `default`");
        }
        await delay(100);
    }
}

/** Makes the nodes of a pool report the pool's machine type. Waits about a second until the API server applies the policy. */
export async function applyShape(api: KubeApi, pool: NodePool): Promise<void> {
    const { name, policy, binding } = nodeShapePolicy(pool);
    await api.apply(`${ADMISSION}/mutatingadmissionpolicies/${name}`, policy);
    await api.apply(`${ADMISSION}/mutatingadmissionpolicybindings/${name}`, binding);
    const expected = resourceList(shapeOf(pool).capacity);
    const trial = {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name, labels: { "cloud.google.com/gke-nodepool": pool.name } },
        status: { capacity: { cpu: "0" }, allocatable: { cpu: "0" } },
    };
    const deadline = Date.now() + SHAPE_WITHIN_MS;
    while (Date.now() < deadline) {
        const { status } = await api.create<Node>("/api/v1/nodes?dryRun=All", trial);
        // Compared as numbers, because the API server writes 16384Mi as 16Gi.
        const shown = resourceList(status?.capacity);
        if (Object.entries(expected).every(([resource, amount]) => shown[resource] === amount)) {
            return;
        }
        await delay(100);
    }
    throw new Error(`The API server does not apply the shape of the node pool ${pool.name}`);
}

/** Removes the shape policy of a pool. */
export async function removeShape(api: KubeApi, pool: string): Promise<void> {
    const name = policyName(pool);
    await api.delete(`${ADMISSION}/mutatingadmissionpolicybindings/${name}`);
    await api.delete(`${ADMISSION}/mutatingadmissionpolicies/${name}`);
}

function nameOf(object: object): string {
    return (object as { metadata: { name: string } }).metadata.name;
}
