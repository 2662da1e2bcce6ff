import type { Properties } from "../../../../../providers/property-values";

export const CLUSTER = "gcp:container/cluster:Cluster";
export const NODE_POOL = "gcp:container/nodePool:NodePool";
export const ML = "projects/p/locations/us-central1/clusters/ml";
export const GPU = `${ML}/nodePools/gpu`;

/** A cluster as a program describes it. */
export const cluster: Properties = {
    ...{ project: "p", location: "us-central1", name: "ml", removeDefaultNodePool: true, initialNodeCount: 1, deletionProtection: false },
    releaseChannel: { channel: "REGULAR" },
    maintenancePolicy: {
        recurringWindow: { startTime: "2026-01-03T02:00:00Z", endTime: "2026-01-03T10:00:00Z", recurrence: "FREQ=WEEKLY;BYDAY=SA,SU" },
        maintenanceExclusions: [{ exclusionName: "freeze", startTime: "2026-12-20T00:00:00Z", endTime: "2027-01-05T00:00:00Z" }],
    },
    ...{ networkingMode: "VPC_NATIVE", datapathProvider: "ADVANCED_DATAPATH", enableFqdnNetworkPolicy: true, enableShieldedNodes: true },
    ipAllocationPolicy: { clusterSecondaryRangeName: "pods", servicesSecondaryRangeName: "services" },
    privateClusterConfig: { enablePrivateNodes: true, enablePrivateEndpoint: true, masterIpv4CidrBlock: "172.16.0.0/28" },
    controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: true } },
    masterAuthorizedNetworksConfig: { cidrBlocks: [] },
    workloadIdentityConfig: { workloadPool: "p.svc.id.goog" },
    podAutoscaling: { hpaProfile: "PERFORMANCE" },
    addonsConfig: { gcsFuseCsiDriverConfig: { enabled: true }, httpLoadBalancing: { disabled: false } },
    secretManagerConfig: { enabled: true, rotationConfig: { enabled: true } },
    gatewayApiConfig: { channel: "CHANNEL_STANDARD" },
    nodePoolDefaults: { nodeConfigDefaults: { gcfsConfig: { enabled: true }, insecureKubeletReadonlyPortEnabled: "FALSE" } },
    loggingConfig: { enableComponents: ["SYSTEM_COMPONENTS", "WORKLOADS"] },
    monitoringConfig: { enableComponents: ["SYSTEM_COMPONENTS", "DCGM"], managedPrometheus: { enabled: true } },
    costManagementConfig: { enabled: true },
    securityPostureConfig: { mode: "BASIC" },
    nodeConfig: { serviceAccount: "nodes@other.iam.gserviceaccount.com" },
};

/** A pool of GPU nodes as a program describes it. */
export const pool: Properties = {
    ...{ project: "p", location: "us-central1", cluster: ML, name: "gpu", initialNodeCount: 0 },
    autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 2, locationPolicy: "ANY" },
    nodeLocations: ["us-central1-a", "us-central1-b"],
    management: { autoRepair: true, autoUpgrade: true },
    upgradeSettings: { strategy: "SURGE", maxSurge: 0, maxUnavailable: 1 },
    networkConfig: { enablePrivateNodes: true },
    nodeConfig: {
        ...{ machineType: "g2-standard-8", diskSizeGb: 100, imageType: "COS_CONTAINERD" },
        oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
        workloadMetadataConfig: { mode: "GKE_METADATA" },
        metadata: { "disable-legacy-endpoints": "true" },
        ...{ gcfsConfig: { enabled: true }, gvnic: { enabled: true }, labels: { "ml-platform/pool": "gpu" } },
        taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
        guestAccelerators: [
            {
                ...{ type: "nvidia-l4", count: 1, gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" } },
                gpuSharingConfig: { gpuSharingStrategy: "TIME_SHARING", maxSharedClientsPerGpu: 4 },
            },
        ],
        shieldedInstanceConfig: { enableSecureBoot: false, enableIntegrityMonitoring: true },
    },
};

/** Returns properties with one of them changed, at any depth. @param value undefined removes it */
export function changed(properties: Properties, path: string, value: Properties[string]): Properties {
    const [first = "", ...rest] = path.split(".");
    const { [first]: before, ...others } = properties;
    const after = rest.length === 0 ? value : changed((before ?? {}) as Properties, rest.join("."), value);
    return after === undefined ? others : { ...others, [first]: after };
}
