import type * as gcp from "@pulumi/gcp";
import type { ClusterConfig } from "./config";
import { SECONDARY_RANGES } from "./network/network";

type ClusterArgs = Omit<gcp.container.ClusterArgs, "network" | "subnetwork" | "nodeConfig">;

/** A cluster's own settings: everything that does not depend on another resource. */
export function clusterSettings(cluster: ClusterConfig, project: string): ClusterArgs {
    return {
        name: cluster.name,
        location: cluster.location,
        // The pool that comes with a cluster cannot be changed later; it goes as soon as the cluster is there.
        removeDefaultNodePool: true,
        initialNodeCount: 1,
        deletionProtection: cluster.deletionProtection,
        releaseChannel: { channel: cluster.releaseChannel },
        maintenancePolicy: maintenancePolicy(cluster.maintenance),
        ...networking(cluster),
        workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
        enableShieldedNodes: true,
        // GKE reads custom metrics for autoscalers, from pods and by PromQL, with this profile only.
        podAutoscaling: { hpaProfile: "PERFORMANCE" },
        addonsConfig: {
            gcsFuseCsiDriverConfig: { enabled: true },
            gcePersistentDiskCsiDriverConfig: { enabled: true },
            horizontalPodAutoscaling: { disabled: false },
            httpLoadBalancing: { disabled: false },
        },
        gatewayApiConfig: { channel: "CHANNEL_STANDARD" },
        nodePoolDefaults: { nodeConfigDefaults: { gcfsConfig: { enabled: true } } },
        loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
        // DCGM: duty cycle, memory and temperature of each GPU, without an exporter of our own.
        monitoringConfig: { enableComponents: ["SYSTEM_COMPONENTS", "DCGM"], managedPrometheus: { enabled: true } },
        costManagementConfig: { enabled: true },
        securityPostureConfig: { mode: "BASIC" },
    };
}

function networking(cluster: ClusterConfig): Partial<ClusterArgs> {
    return {
        networkingMode: "VPC_NATIVE",
        ipAllocationPolicy: {
            clusterSecondaryRangeName: SECONDARY_RANGES.pods,
            servicesSecondaryRangeName: SECONDARY_RANGES.services,
        },
        datapathProvider: "ADVANCED_DATAPATH",
        // For workloads that list hosts in `egress`. On a cluster that exists GKE wants its networking agent restarted after this change, so new clusters have it from the start.
        enableFqdnNetworkPolicy: true,
        privateClusterConfig: {
            enablePrivateNodes: true,
            enablePrivateEndpoint: !cluster.publicEndpoint,
            masterIpv4CidrBlock: cluster.network.controlPlane,
        },
        // Google's front end checks the caller's IAM permission before anything reaches the control plane, whose address stays private. So a machine without a
        // VPN, such as a CI runner, can deploy. https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation#dns-based_endpoint
        controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: cluster.endpoint === "dns" } },
        // Present even when empty: then nobody outside the cluster's own network is let in.
        masterAuthorizedNetworksConfig: {
            cidrBlocks: cluster.authorizedNetworks.map(({ name, cidr }) => ({ displayName: name, cidrBlock: cidr })),
        },
    };
}

function maintenancePolicy({
    start,
    hours,
    recurrence,
    exclusions,
}: ClusterConfig["maintenance"]): gcp.types.input.container.ClusterMaintenancePolicy {
    return {
        recurringWindow: { startTime: start, endTime: hoursLater(start, hours), recurrence },
        maintenanceExclusions: exclusions.map((exclusion) => ({
            exclusionName: exclusion.name,
            startTime: exclusion.start,
            endTime: exclusion.end,
        })),
    };
}

/** The moment some hours after another, both as GKE writes them: without fractions of a second. */
function hoursLater(start: string, hours: number): string {
    return new Date(Date.parse(start) + hours * 3_600_000).toISOString().replace(".000Z", "Z");
}
