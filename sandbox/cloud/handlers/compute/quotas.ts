import { accelerators } from "../../../../gke/accelerator-table";
import { machineOf } from "../../../../gke/machine-types";
import { regionOf } from "../../../../gke/zones";
import document from "../../discovery/documents/compute.v1.json";
import type { Ledger } from "../../ledger";
import { ReasonError } from "../common/reason-error";
import { COLLECTIONS } from "./fields";

/** Nodes of a pool in one zone. */
export interface InstanceGroup {
    /** Name of its manager, such as `projects/p/zones/z/instanceGroupManagers/gke-c-p-grp`. */
    readonly id: string;
    /** Number of nodes. */
    readonly size: number;
    readonly machineType: string;
    /** GPUs of each node. Default: none. */
    readonly accelerator?: { readonly type: string; readonly count: number };
    readonly spot: boolean;
    /** Boot disk of each node. */
    readonly disk: { readonly type: string; readonly sizeGb: number };
}

/** A limit and what counts toward it. */
export type Quota = Readonly<Record<"limit" | "usage", number>> & { readonly metric: string };

/** Limit of each quota that no setting lowers. */
const PLENTY = 1_000_000;
const PROJECT = ["CPUS_ALL_REGIONS", "GPUS_ALL_REGIONS", "NETWORKS", "SUBNETWORKS", "ROUTERS", "FIREWALLS", "STATIC_ADDRESSES"];
const GPUS = Object.keys(accelerators).flatMap((type) => [gpuMetric(type, false), gpuMetric(type, true)]);
/** https://cloud.google.com/compute/resource-usage#disk_quota */
const DISKS: Readonly<Record<string, string>> = {
    "pd-standard": "DISKS_TOTAL_GB",
    "pd-balanced": "SSD_TOTAL_GB",
    "pd-ssd": "SSD_TOTAL_GB",
    "hyperdisk-balanced": "HDB_TOTAL_GB",
};
/** Compute Engine has no regional metric for some accelerators. */
const REGION = ["CPUS", "STATIC_ADDRESSES", "RESERVATIONS", "RESOURCE_POLICIES", ...new Set(Object.values(DISKS)), ...GPUS].filter(
    (metric) => document.schemas.Quota.properties.metric.enum.includes(metric),
);

/** `nvidia-tesla-a100` → `NVIDIA_A100_GPUS`. https://cloud.google.com/compute/resource-usage#gpu_quota */
function gpuMetric(type: string, spot: boolean): string {
    const model = type.replace("tesla-", "").replace("h100-80gb", "h100").replaceAll("-", "_").toUpperCase();
    return `${spot ? "PREEMPTIBLE_" : ""}${model}_GPUS`;
}

/** The error for a request that exceeds a quota. */
export class QuotaError extends ReasonError {
    constructor(
        readonly quota: Quota,
        region: string | undefined,
    ) {
        const where = region === undefined ? "globally" : `in region ${region}`;
        super(403, `Quota '${quota.metric}' exceeded.  Limit: ${quota.limit.toFixed(1)} ${where}.`, "quotaExceeded");
    }
}

/** Limits and usage of each project and its regions. All projects have the same limits. */
export class Quotas {
    /**
     * @param groups lists the nodes of all projects
     * @param limits limits by metric, as `limitsOf` returns them
     */
    constructor(
        private readonly ledger: Ledger,
        readonly groups: () => readonly InstanceGroup[],
        private readonly limits: Readonly<Record<string, number>>,
    ) {}

    /** Returns the quotas of a project, or of a region of it, as the API does. */
    list(project: string, region?: string): readonly Quota[] {
        const isIn = (id: string): boolean => {
            const [, owner, scope, place = ""] = id.split("/");
            return owner === project && (region === undefined || (scope !== "global" && regionOf(place) === region));
        };
        const level = region === undefined ? "project" : "region";
        const resources = this.ledger.list().filter(({ id }) => isIn(id));
        const nodes = this.groups()
            .filter(({ id }) => isIn(id))
            .map(needsOf);
        return (region === undefined ? PROJECT : REGION).map((metric) => {
            const assets = Object.values(COLLECTIONS).flatMap((of) => (of.metric === metric && of.quotaOf === level ? [of.asset] : []));
            const counted = resources.filter(({ type }) => assets.includes(type)).length;
            const usage = nodes.reduce((sum, needs) => sum + (needs[metric] ?? 0), counted);
            return { metric, limit: this.limits[metric] ?? PLENTY, usage };
        });
    }

    /**
     * Returns the quotas that are short if a project, or a region of it, uses more.
     * @param needs what it would use in addition, by metric
     */
    short(project: string, region: string | undefined, needs: Readonly<Record<string, number>>): readonly Quota[] {
        return this.list(project, region).filter(({ metric, limit, usage }) => (needs[metric] ?? -Infinity) > limit - usage);
    }

    /** Checks that a project, or a region of it, may use more. @param needs as in `short` @throws QuotaError */
    check(project: string, region: string | undefined, needs: Readonly<Record<string, number>>): void {
        const [quota] = this.short(project, region, needs);
        if (quota !== undefined) {
            throw new QuotaError(quota, region);
        }
    }
}

/** Returns what the nodes of a group use, by metric. */
export function needsOf({ size, machineType, accelerator, spot, disk }: InstanceGroup): Readonly<Record<string, number>> {
    const cpus = size * (machineOf(machineType)?.vcpus ?? 0);
    const gpus = size * (accelerator?.count ?? 0);
    const diskMetric = DISKS[disk.type];
    return {
        ...{ CPUS: cpus, CPUS_ALL_REGIONS: cpus },
        ...(diskMetric !== undefined && { [diskMetric]: size * disk.sizeGb }),
        ...(accelerator !== undefined && { GPUS_ALL_REGIONS: gpus, [gpuMetric(accelerator.type, spot)]: gpus }),
    };
}

/**
 * Parses SANDBOX_QUOTAS, such as `GPUS_ALL_REGIONS=0,NVIDIA_L4_GPUS=2`.
 * @throws Error for an unknown metric or an invalid limit
 */
export function limitsOf(text: string): Readonly<Record<string, number>> {
    return Object.fromEntries(
        text.split(",").flatMap((setting) => {
            const [, metric = "", limit] = /^(\w+)=(\d+)$/.exec(setting.trim()) ?? [];
            if (setting.trim() !== "" && ![...PROJECT, ...REGION].includes(metric)) {
                const known = [...PROJECT, ...REGION].join(", ");
                throw new Error(`SANDBOX_QUOTAS must be limits such as GPUS_ALL_REGIONS=0,CPUS=64, not "${text}". It can set ${known}`);
            }
            return metric === "" ? [] : [[metric, Number(limit)]];
        }),
    );
}
