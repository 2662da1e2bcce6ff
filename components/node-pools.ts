import type * as gcp from "@pulumi/gcp";
import type { Input } from "@pulumi/pulumi";
import { COMPUTE_CLASS, GPU, POOL_LABEL } from "../k8s/gpu";
import { capacityKind, type Capacity, type ClusterConfig, type PoolConfig } from "./config";

type NodePoolArgs = Omit<gcp.container.NodePoolArgs, "cluster" | "location">;
type NodeConfig = gcp.types.input.container.NodePoolNodeConfig;
type Taint = gcp.types.input.container.NodePoolNodeConfigTaint;

/** GKE's API spells the effect in its own way. */
const NO_SCHEDULE = "NO_SCHEDULE";

/** What every node has: an account of its own, metadata for Workload Identity only, image streaming, and no address on the internet. */
function commonNodeConfig(machineType: string, serviceAccount: Input<string>): NodeConfig {
    return {
        machineType,
        serviceAccount,
        // Access is decided by the account's roles; a scope would only hide which of the two refused.
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
        imageType: "COS_CONTAINERD",
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        metadata: { "disable-legacy-endpoints": "true" },
        gcfsConfig: { enabled: true },
        gvnic: { enabled: true },
    };
}

/** The pool of the system's own pods: small, without GPUs, and there before any other. */
export function systemPoolArgs(pool: ClusterConfig["systemPool"], serviceAccount: Input<string>): NodePoolArgs {
    return {
        initialNodeCount: 1,
        autoscaling: { totalMinNodeCount: pool.minNodes, totalMaxNodeCount: pool.maxNodes, locationPolicy: pool.spot ? "ANY" : "BALANCED" },
        management: { autoRepair: true, autoUpgrade: true },
        upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
        networkConfig: { enablePrivateNodes: true },
        nodeConfig: {
            ...commonNodeConfig(pool.machineType, serviceAccount),
            labels: { [POOL_LABEL]: "system" },
            shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
            ...(pool.spot ? { spot: true } : {}),
        },
    };
}

/** One GPU pool, from one source of capacity. */
export function gpuPoolArgs(pool: PoolConfig, capacity: Capacity, serviceAccount: Input<string>): NodePoolArgs {
    return {
        // From zero: the autoscaler brings a node when a pod waits for it. A count beside autoscaling would be fought over at each update.
        initialNodeCount: 0,
        autoscaling: {
            // Nodes that must always be there come from the preferred source.
            totalMinNodeCount: capacity === pool.capacity[0] ? pool.minNodes : 0,
            totalMaxNodeCount: pool.maxNodes,
            // GPUs are taken wherever a zone has them; balance across zones would wait for the one that has none.
            locationPolicy: "ANY",
        },
        ...(pool.zones.length === 0 ? {} : { nodeLocations: [...pool.zones] }),
        // GKE wants no repair on flex-start nodes: they live a bounded time. https://cloud.google.com/kubernetes-engine/docs/how-to/dws-flex-start-training
        management: { autoRepair: capacity !== "flex-start", autoUpgrade: true },
        upgradeSettings: upgradeSettings(pool.upgrade),
        networkConfig: { enablePrivateNodes: true },
        ...(pool.compactPlacement ? { placementPolicy: { type: "COMPACT" } } : {}),
        nodeConfig: {
            ...commonNodeConfig(pool.machineType, serviceAccount),
            ...capacityConfig(capacity),
            labels: { [POOL_LABEL]: pool.name, ...(usesComputeClass(pool) ? { [COMPUTE_CLASS]: pool.name } : {}) },
            taints: taints(pool),
            guestAccelerators: [guestAccelerator(pool)],
            diskSizeGb: pool.diskSizeGb,
            // The image of GPU nodes loads NVIDIA's modules, which secure boot refuses where they are not signed by Google.
            shieldedInstanceConfig: { enableSecureBoot: false, enableIntegrityMonitoring: true },
            ...(pool.localSsds === undefined ? {} : { ephemeralStorageLocalSsdConfig: { localSsdCount: pool.localSsds } }),
            ...(pool.secondaryBootDisk === undefined
                ? {}
                : { secondaryBootDisks: [{ diskImage: pool.secondaryBootDisk, mode: "CONTAINER_IMAGE_CACHE" }] }),
        },
    };
}

/** Whether the pool falls back from one source of capacity to the next. GKE does that by a compute class over a node pool for each. */
export function usesComputeClass(pool: PoolConfig): boolean {
    return pool.capacity.length > 1;
}

function taints(pool: PoolConfig): Taint[] {
    const gpu = { key: GPU.taint.key, value: GPU.taint.value, effect: NO_SCHEDULE };
    return usesComputeClass(pool) ? [gpu, { key: COMPUTE_CLASS, value: pool.name, effect: NO_SCHEDULE }] : [gpu];
}

function guestAccelerator(pool: PoolConfig): gcp.types.input.container.NodePoolNodeConfigGuestAccelerator {
    return {
        type: pool.accelerator,
        count: pool.acceleratorCount,
        gpuDriverInstallationConfig: { gpuDriverVersion: DRIVER[pool.driver] },
        ...(pool.mig === undefined ? {} : { gpuPartitionSize: pool.mig }),
        ...(pool.sharing === undefined
            ? {}
            : {
                  gpuSharingConfig: {
                      gpuSharingStrategy: pool.sharing.strategy === "mps" ? "MPS" : "TIME_SHARING",
                      maxSharedClientsPerGpu: pool.sharing.clients,
                  },
              }),
    };
}

const DRIVER = { default: "DEFAULT", latest: "LATEST", disabled: "INSTALLATION_DISABLED" } as const;

function capacityConfig(capacity: Capacity): NodeConfig {
    if (typeof capacity === "object") {
        return {
            reservationAffinity: {
                consumeReservationType: "SPECIFIC_RESERVATION",
                key: "compute.googleapis.com/reservation-name",
                values: [capacity.reservation],
            },
        };
    }
    const kinds = {
        "on-demand": {},
        spot: { spot: true },
        "flex-start": { flexStart: true, reservationAffinity: { consumeReservationType: "NO_RESERVATION" } },
    };
    return kinds[capacity];
}

function upgradeSettings(upgrade: PoolConfig["upgrade"]): gcp.types.input.container.NodePoolUpgradeSettings {
    return upgrade.strategy === "surge"
        ? { strategy: "SURGE", maxSurge: upgrade.maxSurge, maxUnavailable: upgrade.maxUnavailable }
        : {
              strategy: "BLUE_GREEN",
              blueGreenSettings: {
                  standardRolloutPolicy: { batchNodeCount: 1, batchSoakDuration: "60s" },
                  nodePoolSoakDuration: "300s",
              },
          };
}

/** Suffix of a node pool's name: the pool's, and the source of capacity where there are several. */
export function poolSuffix(pool: PoolConfig, capacity: Capacity): string {
    return usesComputeClass(pool) ? `${pool.name}-${capacityKind(capacity)}` : pool.name;
}
