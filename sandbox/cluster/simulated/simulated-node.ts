import { setTimeout as delay } from "node:timers/promises";
import type { KubeApi } from "../../kube/api";
import type { Node } from "../../kube/objects";
import { isReady, type NodeIdentity } from "../node/node";
import { labelsOf, taintsOf } from "../gke/node-pool";
import { shapeOf } from "../gke/node-shape";
import { SIMULATED, type NodeSimulator } from "./node-simulator";

const READY_WITHIN_MS = 30_000;
const POLL_MS = 200;

/** A node that accepts pods like any other node, but runs no containers. Its pods become ready, and pods of Jobs complete. */
export class SimulatedNode {
    constructor(
        private readonly api: KubeApi,
        private readonly simulator: Pick<NodeSimulator, "ensure">,
        private readonly args: NodeIdentity,
    ) {}

    /** @throws Error if the node does not become ready in time */
    async start(): Promise<void> {
        await this.simulator.ensure();
        await this.api.create("/api/v1/nodes", nodeObject(this.args));
        const deadline = Date.now() + READY_WITHIN_MS;
        while (!isReady(await this.api.get<Node>(`/api/v1/nodes/${this.args.name}`))) {
            if (Date.now() > deadline) {
                throw new Error(`The simulated node ${this.args.name} was not ready in ${READY_WITHIN_MS / 1000} s`);
            }
            await delay(POLL_MS);
        }
    }

    /** A simulated node has no process; it ends when its object is deleted. */
    stop(): Promise<void> {
        return Promise.resolve();
    }
}

/** Returns the Node object as a kubelet would register it. */
export function nodeObject({ name, pool, zone, project }: NodeIdentity): object {
    return {
        apiVersion: "v1",
        kind: "Node",
        metadata: {
            name,
            labels: {
                ...labelsOf(pool, zone),
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
                "kubernetes.io/arch": "amd64",
                [SIMULATED.label]: SIMULATED.value,
            },
        },
        spec: { providerID: `gce://${project}/${zone}/${name}`, taints: taintsOf(pool) },
        status: { ...shapeOf(pool), nodeInfo: { ...NODE_INFO, architecture: "amd64", operatingSystem: "linux" } },
    };
}

/** Shown by `kubectl get nodes -o wide`. */
const NODE_INFO = {
    kubeletVersion: "simulated",
    kubeProxyVersion: "simulated",
    containerRuntimeVersion: "simulated",
    kernelVersion: "simulated",
    osImage: "simulated",
    ...{ bootID: "", machineID: "", systemUUID: "" },
};
