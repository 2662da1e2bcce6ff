import { setTimeout as delay } from "node:timers/promises";
import type { KubeApi } from "../../kube/api";
import type { Node } from "../../kube/objects";
import { isReady } from "../node/node";
import { labelsOf, taintsOf, type NodePool } from "../gke/node-pool";
import { shapeOf } from "../gke/node-shape";
import { SIMULATED, type NodeSimulator } from "./node-simulator";

const READY_WITHIN_MS = 30_000;
const POLL_MS = 200;

/** Which node. */
export interface SimulatedNodeArgs {
    readonly name: string;
    readonly pool: NodePool;
    readonly zone: string;
    readonly project: string;
}

/** A node that takes pods as any other, but runs no container: pods report ready, and those of Jobs complete. */
export class SimulatedNode {
    constructor(
        private readonly api: KubeApi,
        private readonly simulator: Pick<NodeSimulator, "ensure">,
        private readonly args: SimulatedNodeArgs,
    ) {}

    /** @throws Error if it is not ready in time */
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

    /** Nothing runs for it: it ends with its object. */
    stop(): Promise<void> {
        return Promise.resolve();
    }
}

/** The node as its kubelet would register it. */
export function nodeObject({ name, pool, zone, project }: SimulatedNodeArgs): object {
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

/** What `kubectl get nodes -o wide` shows of it. */
const NODE_INFO = {
    kubeletVersion: "simulated",
    kubeProxyVersion: "simulated",
    containerRuntimeVersion: "simulated",
    kernelVersion: "simulated",
    osImage: "simulated",
    ...{ bootID: "", machineID: "", systemUUID: "" },
};
