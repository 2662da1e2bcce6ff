import { expect } from "chai";
import { diffInputs } from "../../../../../providers/gcp/diff";
import { formatPath } from "../../../../../providers/property-path";
import type { Properties } from "../../../../../providers/property-values";
import { changed, cluster, CLUSTER, NODE_POOL, pool } from "./inputs";

type Edit = readonly [path: string, value: Properties[string], operation: "same" | "update" | "replace", changes: readonly string[]];

const L4 = (pool.nodeConfig as { guestAccelerators: Properties[] }).guestAccelerators[0] ?? {};
const gpu = (change: Properties): Properties[] => [{ ...L4, ...change }];

/** What the official provider (9.35.0) planned for edits of a node pool. */
const POOL_EDITS: readonly Edit[] = [
    ["autoscaling.totalMaxNodeCount", 6, "update", ["autoscaling.totalMaxNodeCount"]],
    ["autoscaling.totalMinNodeCount", 1, "update", ["autoscaling.totalMinNodeCount"]],
    ["autoscaling.locationPolicy", "BALANCED", "update", ["autoscaling.locationPolicy"]],
    ["autoscaling", undefined, "update", ["autoscaling"]],
    ["nodeConfig.machineType", "g2-standard-12", "update", ["nodeConfig.machineType"]],
    ["nodeConfig.diskSizeGb", 200, "update", ["nodeConfig.diskSizeGb"]],
    ["nodeConfig.diskType", "pd-ssd", "update", ["nodeConfig.diskType"]],
    ["nodeConfig.imageType", "UBUNTU_CONTAINERD", "update", ["nodeConfig.imageType"]],
    ["nodeConfig.tags", ["a"], "update", ["nodeConfig.tags"]],
    ["nodeConfig.resourceLabels", { team: "a" }, "update", ["nodeConfig.resourceLabels"]],
    ["nodeConfig.gcfsConfig.enabled", false, "update", ["nodeConfig.gcfsConfig.enabled"]],
    ["nodeConfig.gvnic.enabled", false, "update", ["nodeConfig.gvnic.enabled"]],
    ["nodeConfig.workloadMetadataConfig.mode", "GCE_METADATA", "update", ["nodeConfig.workloadMetadataConfig.mode"]],
    ["nodeConfig.linuxNodeConfig", { sysctls: { "net.core.somaxconn": "4096" } }, "update", ["nodeConfig.linuxNodeConfig"]],
    ["nodeConfig.guestAccelerators", gpu({ type: "nvidia-tesla-t4" }), "replace", ["nodeConfig.guestAccelerators[0].type"]],
    ["nodeConfig.guestAccelerators", gpu({ count: 2 }), "replace", ["nodeConfig.guestAccelerators[0].count"]],
    ["nodeConfig.guestAccelerators", gpu({ gpuSharingConfig: null }), "replace", ["nodeConfig.guestAccelerators[0].gpuSharingConfig"]],
    ["nodeConfig.guestAccelerators", gpu({ gpuPartitionSize: "1g.5gb" }), "replace", ["nodeConfig.guestAccelerators[0].gpuPartitionSize"]],
    ["nodeConfig.spot", true, "replace", ["nodeConfig.spot"]],
    ["nodeConfig.reservationAffinity", { consumeReservationType: "NO_RESERVATION" }, "replace", ["nodeConfig.reservationAffinity"]],
    ["nodeConfig.ephemeralStorageLocalSsdConfig", { localSsdCount: 1 }, "replace", ["nodeConfig.ephemeralStorageLocalSsdConfig"]],
    ["nodeConfig.metadata.x", "y", "replace", ["nodeConfig.metadata.x"]],
    ["nodeConfig.oauthScopes", ["https://www.googleapis.com/auth/compute"], "replace", ["nodeConfig.oauthScopes[0]"]],
    ["nodeConfig.serviceAccount", "other@p.iam.gserviceaccount.com", "replace", ["nodeConfig.serviceAccount"]],
    ["nodeConfig.shieldedInstanceConfig.enableSecureBoot", true, "replace", ["nodeConfig.shieldedInstanceConfig.enableSecureBoot"]],
    ["nodeLocations", ["us-central1-a"], "update", ["nodeLocations[1]"]],
    ["nodeLocations", undefined, "same", []],
    ["upgradeSettings", undefined, "same", []],
    ["placementPolicy", { type: "COMPACT" }, "replace", ["placementPolicy"]],
    ["maxPodsPerNode", 32, "replace", ["maxPodsPerNode"]],
    ["management.autoUpgrade", false, "update", ["management.autoUpgrade"]],
    ["networkConfig.enablePrivateNodes", false, "update", ["networkConfig.enablePrivateNodes"]],
    ["version", "1.36.3-gke.1000000", "update", ["version"]],
];

/** The same for a cluster. */
const CLUSTER_EDITS: readonly Edit[] = [
    ["releaseChannel.channel", "STABLE", "update", ["releaseChannel.channel"]],
    [
        "controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic",
        ...([false, "update", ["controlPlaneEndpointsConfig.dnsEndpointConfig.allowExternalTraffic"]] as const),
    ],
    ["privateClusterConfig.enablePrivateEndpoint", false, "update", ["privateClusterConfig.enablePrivateEndpoint"]],
    ["privateClusterConfig.masterIpv4CidrBlock", "172.16.1.0/28", "replace", ["privateClusterConfig.masterIpv4CidrBlock"]],
    [
        "masterAuthorizedNetworksConfig.cidrBlocks",
        ...([[{ cidrBlock: "203.0.113.0/24" }], "update", ["masterAuthorizedNetworksConfig.cidrBlocks[0]"]] as const),
    ],
    ["maintenancePolicy.recurringWindow.recurrence", "FREQ=DAILY", "update", ["maintenancePolicy.recurringWindow.recurrence"]],
    ["maintenancePolicy", undefined, "update", ["maintenancePolicy"]],
    ["deletionProtection", true, "update", ["deletionProtection"]],
    ["name", "other", "replace", ["name"]],
    ["location", "us-central1-a", "replace", ["location"]],
    ["subnetwork", "other", "replace", ["subnetwork"]],
    ["datapathProvider", "LEGACY_DATAPATH", "replace", ["datapathProvider"]],
    ["gatewayApiConfig", undefined, "same", []],
];

describe("edits of clusters and node pools", () => {
    for (const [type, inputs, edits] of [
        [NODE_POOL, pool, POOL_EDITS],
        [CLUSTER, cluster, CLUSTER_EDITS],
    ] as const) {
        for (const [path, value, operation, changes] of edits) {
            it(`plan as the official provider does: ${operation} for ${path} = ${value === undefined ? "absent" : JSON.stringify(value)}`, () => {
                const found = diffInputs(type, inputs, changed(inputs, path, value)).changes;
                const planned = found.some(({ replaces }) => replaces) ? "replace" : found.length > 0 ? "update" : "same";
                expect([planned, found.map((change) => formatPath(change.path))]).to.deep.equal([operation, changes]);
            });
        }
    }
});
