import type * as gcp from "@pulumi/gcp";
import type { Input } from "@pulumi/pulumi";
import { localSsdsOf } from "../../../gke/gpu-machines";
import { COMPUTE_CLASS } from "../../../gke/gpu-nodes";
import { POOL_LABEL, poolTaints, STACK_LABEL } from "../../../k8s/gpu";
import type { ClusterConfig } from "../config";
import type { Capacity, PoolConfig } from "./config";
import { labelValue } from "../../project/names";

type NodePoolArgs = Omit<gcp.container.NodePoolArgs, "cluster" | "location">;
type NodeConfig = gcp.types.input.container.NodePoolNodeConfig;

/** Taint effects as GKE's API spells them. */
const NO_SCHEDULE = "NO_SCHEDULE";

/** Settings of every node: the cluster's node account, metadata for Workload Identity only, image streaming, and no external IP address. */
function commonNodeConfig(machineType: string, serviceAccount: Input<string>): NodeConfig {
    return {
        machineType,
        serviceAccount,
        // The account's roles decide access. With a scope as well, an error would not show which of the two refused it.
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
        imageType: "COS_CONTAINERD",
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        metadata: { "disable-legacy-endpoints": "true" },
        gcfsConfig: { enabled: true },
        gvnic: { enabled: true },
    };
}

/** The stack and the account of a node pool. */
export interface PoolOwner {
    /** Email of the nodes' account. */
    readonly serviceAccount: Input<string>;
    readonly stack: string;
}

/** The pool for system pods: small, without GPUs, and created before all others. */
export function systemPoolArgs(pool: ClusterConfig["systemPool"], { serviceAccount, stack }: PoolOwner): NodePoolArgs {
    return {
        initialNodeCount: 1,
        autoscaling: { totalMinNodeCount: pool.minNodes, totalMaxNodeCount: pool.maxNodes, locationPolicy: pool.spot ? "ANY" : "BALANCED" },
        management: { autoRepair: true, autoUpgrade: true },
        upgradeSettings: { strategy: "SURGE", maxSurge: 1, maxUnavailable: 0 },
        networkConfig: { enablePrivateNodes: true },
        nodeConfig: {
            ...commonNodeConfig(pool.machineType, serviceAccount),
            labels: { [POOL_LABEL]: "system", [STACK_LABEL]: labelValue("stack", stack) },
            shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
            spot: pool.spot ? true : undefined,
        },
    };
}

/**
 * One GPU pool, from one source of capacity.
 * @param computeClass name of the compute class of a pool with several sources of capacity
 */
export function gpuPoolArgs(
    pool: PoolConfig,
    capacity: Capacity,
    { serviceAccount, stack }: PoolOwner,
    computeClass: string | undefined,
): NodePoolArgs {
    return {
        // The autoscaler adds nodes for pending pods. With a node count, each update would undo its changes.
        initialNodeCount: 0,
        autoscaling: {
            // The minimum number of nodes comes from the preferred source.
            totalMinNodeCount: capacity === pool.capacity[0] ? pool.minNodes : 0,
            totalMaxNodeCount: pool.maxNodes,
            // Takes GPUs from any zone that has them; a balanced policy would wait for a zone that has none.
            locationPolicy: "ANY",
        },
        nodeLocations: pool.zones.length === 0 ? undefined : [...pool.zones],
        // GKE requires auto-repair to be off for flex-start nodes, which have a limited lifetime. https://cloud.google.com/kubernetes-engine/docs/how-to/dws-flex-start-training
        management: { autoRepair: capacity !== "flex-start", autoUpgrade: true },
        // GKE chooses the upgrade strategy of flex-start pools; any other value would show as a change at each update.
        upgradeSettings: capacity === "flex-start" ? undefined : upgradeSettings(pool.upgrade),
        networkConfig: { enablePrivateNodes: true },
        queuedProvisioning: pool.queuedProvisioning ? { enabled: true } : undefined,
        placementPolicy: pool.compactPlacement ? { type: "COMPACT" } : undefined,
        nodeConfig: {
            ...commonNodeConfig(pool.machineType, serviceAccount),
            ...capacityConfig(capacity),
            labels: {
                [POOL_LABEL]: pool.name,
                [STACK_LABEL]: labelValue("stack", stack),
                ...(computeClass === undefined ? {} : { [COMPUTE_CLASS]: computeClass }),
            },
            taints: poolTaints(pool.accelerator, computeClass).map(({ key, value }) => ({ key, value, effect: NO_SCHEDULE })),
            guestAccelerators: [guestAccelerator(pool)],
            diskSizeGb: pool.diskSizeGb,
            // GPU nodes load NVIDIA's kernel modules, and secure boot refuses modules that Google has not signed.
            shieldedInstanceConfig: { enableSecureBoot: false, enableIntegrityMonitoring: true },
            ephemeralStorageLocalSsdConfig: ephemeralStorage(pool),
            secondaryBootDisks:
                pool.secondaryBootDisk === undefined ? undefined : [{ diskImage: pool.secondaryBootDisk, mode: "CONTAINER_IMAGE_CACHE" }],
        },
    };
}

/**
 * Local SSDs as the node's ephemeral storage. GKE reports built-in local SSDs even if the program does not set them, and the provider then replaces
 * the pool (GoogleCloudPlatform/cluster-toolkit#2968, mozilla/terraform-modules#464).
 */
function ephemeralStorage(pool: PoolConfig): NodeConfig["ephemeralStorageLocalSsdConfig"] {
    const localSsdCount = localSsdsOf(pool.accelerator, pool.machineType).builtIn || (pool.localSsds ?? 0);
    return localSsdCount === 0 ? undefined : { localSsdCount };
}

function guestAccelerator(pool: PoolConfig): gcp.types.input.container.NodePoolNodeConfigGuestAccelerator {
    return {
        type: pool.accelerator,
        count: pool.acceleratorCount,
        gpuDriverInstallationConfig: { gpuDriverVersion: DRIVER[pool.driver] },
        gpuPartitionSize: pool.mig,
        gpuSharingConfig: pool.sharing && {
            gpuSharingStrategy: pool.sharing.strategy === "mps" ? "MPS" : "TIME_SHARING",
            maxSharedClientsPerGpu: pool.sharing.clients,
        },
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
