import type * as gcp from "@pulumi/gcp";
import type { ClusterConfig } from "./config";
import { SECONDARY_RANGES } from "./network/network";

type ClusterArgs = Omit<gcp.container.ClusterArgs, "network" | "subnetwork" | "nodeConfig">;

/** A cluster's own settings: everything that does not depend on another resource. */
export function clusterSettings(cluster: ClusterConfig, project: string): ClusterArgs {
    return {
        name: cluster.name,
        location: cluster.location,
        // The default pool cannot be changed later, so it is removed as soon as the cluster exists.
        removeDefaultNodePool: true,
        initialNodeCount: 1,
        deletionProtection: cluster.deletionProtection,
        releaseChannel: { channel: cluster.releaseChannel },
        maintenancePolicy: maintenancePolicy(cluster.maintenance),
        ...networking(cluster),
        workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
        enableShieldedNodes: true,
        // Autoscalers can read custom metrics, from pods or by PromQL, only with this profile.
        podAutoscaling: { hpaProfile: "PERFORMANCE" },
        addonsConfig: {
            gcsFuseCsiDriverConfig: { enabled: true },
            gcePersistentDiskCsiDriverConfig: { enabled: true },
            horizontalPodAutoscaling: { disabled: false },
            httpLoadBalancing: { disabled: false },
        },
        ...(cluster.secretManager === true ? SECRET_MANAGER : {}),
        // Without the field, an existing cluster keeps its mode, and the policy of its project admits all images again.
        ...(cluster.binaryAuthorization === undefined
            ? {}
            : { binaryAuthorization: { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" } }),
        gatewayApiConfig: { channel: "CHANNEL_STANDARD" },
        nodePoolDefaults: { nodeConfigDefaults: { gcfsConfig: { enabled: true } } },
        loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
        // DCGM: duty cycle, memory and temperature of each GPU, without a separate exporter.
        monitoringConfig: { enableComponents: ["SYSTEM_COMPONENTS", "DCGM"], managedPrometheus: { enabled: true } },
        costManagementConfig: { enabled: true },
        securityPostureConfig: { mode: "BASIC" },
    };
}

/**
 * Files and Kubernetes Secrets from Secret Manager. With rotation, version `latest` is read again within two minutes. Both can be enabled in place.
 * https://cloud.google.com/secret-manager/docs/secret-manager-managed-csi-component, https://cloud.google.com/secret-manager/docs/sync-k8-secrets
 */
const SECRET_MANAGER = {
    secretManagerConfig: { enabled: true, rotationConfig: { enabled: true } },
    secretSyncConfig: { enabled: true, rotationConfig: { enabled: true } },
} satisfies Partial<ClusterArgs>;

function networking(cluster: ClusterConfig): Partial<ClusterArgs> {
    return {
        networkingMode: "VPC_NATIVE",
        ipAllocationPolicy: {
            clusterSecondaryRangeName: SECONDARY_RANGES.pods,
            servicesSecondaryRangeName: SECONDARY_RANGES.services,
        },
        datapathProvider: "ADVANCED_DATAPATH",
        // For workloads with hosts in `egress`. Enabling it later requires a restart of GKE's networking agent, so new clusters have it from the start.
        enableFqdnNetworkPolicy: true,
        privateClusterConfig: {
            enablePrivateNodes: true,
            enablePrivateEndpoint: !cluster.publicEndpoint,
            masterIpv4CidrBlock: cluster.network.controlPlane,
        },
        // Google's front end checks the caller's IAM permission before anything reaches the control plane, so its address can stay private. A machine without a
        // VPN, such as a CI runner, can deploy. https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation#dns-based_endpoint
        controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: cluster.endpoint === "dns" } },
        // Set even when empty: an empty list denies all access from outside the cluster's network.
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

/** A time plus some hours, in GKE's format: without fractions of a second. */
function hoursLater(start: string, hours: number): string {
    return new Date(Date.parse(start) + hours * 3_600_000).toISOString().replace(".000Z", "Z");
}
