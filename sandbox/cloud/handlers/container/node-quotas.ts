import { regionOf } from "../../../../gke/zones";
import { ApiError } from "../../api/api-error";
import type { Entry } from "../../ledger";
import { needsOf, type Quota, QuotaError, type Quotas } from "../compute/quotas";
import { type Gke, groupsWith } from "./gke";

type Needs = Readonly<Record<string, number>>;

/** Quotas that more nodes exceed, of one level. */
interface Exceeded {
    readonly project: string;
    /** Undefined for quotas of the whole project. */
    readonly region: string | undefined;
    /** At least one. */
    readonly quotas: readonly [Quota, ...Quota[]];
}

/** Whether the quotas of Compute Engine allow more nodes. */
export class NodeQuotas {
    constructor(
        private readonly gke: Gke,
        private readonly quotas: Quotas,
    ) {}

    /**
     * Checks the nodes that a request starts. GKE refuses the request before it starts an operation. It does not check the nodes that an
     * autoscaler adds later. Sources: vanvalenlab/kiosk-console#367 (region, `node-pools create`), kubeflow/examples#597 (project) and
     * kaiwaehner/hivemq-mqtt-tensorflow-kafka-realtime-iot-machine-learning-training-inference#48 (several quotas).
     * @param cluster the cluster of the pools, which may be new
     * @param pools the pools with their sizes after the request
     * @throws ApiError for quotas of the region, or else of the project
     */
    check(cluster: Entry, pools: readonly Entry[]): void {
        const needs = sum(pools.map((pool) => this.growthOf(pool, cluster)));
        const exceeded = this.exceeded(cluster.id, needs);
        if (exceeded !== undefined) {
            throw refusalOf(exceeded, needs);
        }
    }

    /**
     * Returns the message for a quota that more nodes of a pool would exceed, in the words of Compute Engine; undefined if the quotas
     * suffice. The nodes of a minimum that do not run yet count for the other pools only.
     * @param clusterId resource name
     */
    exceededBy(clusterId: string, name: string, nodes: number): string | undefined {
        const pool = this.gke.pools.find(`${clusterId}/nodePools/${name}`);
        if (pool === undefined) {
            return undefined;
        }
        const needs = this.needsOf(pool, this.gke.clusters.get(clusterId), this.gke.nodesOf(pool) + nodes - this.countedOf(pool));
        const exceeded = this.exceeded(clusterId, needs);
        return exceeded && new QuotaError(exceeded.quotas[0], exceeded.region).message;
    }

    /** Returns the exceeded quotas of the cluster's region, or else of its project; undefined if all suffice. */
    private exceeded(clusterId: string, needs: Needs): Exceeded | undefined {
        const [, project = "", , location = ""] = clusterId.split("/");
        for (const region of [regionOf(location), undefined]) {
            const [first, ...others] = this.quotas.short(project, region, needs);
            if (first !== undefined) {
                return { project, region, quotas: [first, ...others] };
            }
        }
        return undefined;
    }

    /** Returns what the new size of a pool adds; nothing if the pool does not grow. */
    private growthOf(pool: Entry, cluster: Entry): Needs {
        const existing = this.gke.pools.find(pool.id);
        const nodes = this.gke.read(pool, cluster).initialNodes - (existing === undefined ? 0 : this.countedOf(existing));
        return nodes > 0 ? this.needsOf(pool, cluster, nodes) : {};
    }

    /** Returns the number of nodes of a pool that the quotas count as usage. */
    private countedOf(pool: Entry): number {
        return this.gke.groupsOf([pool]).reduce((total, { size }) => total + size, 0);
    }

    private needsOf(pool: Entry, cluster: Entry, nodes: number): Needs {
        return sum(groupsWith(pool, this.gke.read(pool, cluster), nodes).map(needsOf));
    }
}

function sum(all: readonly Needs[]): Needs {
    const total: Record<string, number> = {};
    for (const [metric, count] of all.flatMap((needs) => Object.entries(needs))) {
        total[metric] = (total[metric] ?? 0) + count;
    }
    return total;
}

/** The refusal of a request. GKE numbers the quotas if there are several. */
function refusalOf({ project, region, quotas }: Exceeded, needs: Needs): ApiError {
    const level = region === undefined ? "project" : "regional";
    const problems = quotas.map(({ metric, limit, usage }) => {
        const [needed, available] = [needs[metric] ?? 0, limit - usage];
        return (
            `insufficient ${level} quota to satisfy request: resource "${metric}": request requires '${needed.toFixed(1)}' and is short ` +
            `'${(needed - available).toFixed(1)}'. project has a quota of '${limit.toFixed(1)}' with '${available.toFixed(1)}' available. ` +
            `View and manage quotas at https://console.cloud.google.com/iam-admin/quotas?usage=USED&project=${project}`
        );
    });
    const message =
        problems.length === 1
            ? problems.join("").replace(/^i/, "I")
            : problems.map((problem, index) => `\n\t(${index + 1}) ${problem}`).join("");
    return new ApiError("PERMISSION_DENIED", `${message}.`);
}
