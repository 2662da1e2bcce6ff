/** A kind that GKE adds to Kubernetes. */
interface Kind {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
    readonly plural: string;
    /** Default: Namespaced. */
    readonly scope?: "Cluster";
}

/**
 * Kinds that GKE programs use: managed Prometheus, Gateway and its policies, certificates, Secret Manager secrets, compute classes, and
 * provisioning requests. The sandbox stores these objects without validating their fields; only provisioning requests have an effect,
 * through the autoscaler.
 * https://cloud.google.com/stackdriver/docs/managed-prometheus, https://cloud.google.com/kubernetes-engine/docs/concepts/gateway-api
 */
const KINDS: readonly Kind[] = [
    { group: "monitoring.googleapis.com", version: "v1", kind: "PodMonitoring", plural: "podmonitorings" },
    { group: "monitoring.googleapis.com", version: "v1", kind: "ClusterPodMonitoring", plural: "clusterpodmonitorings", scope: "Cluster" },
    { group: "monitoring.googleapis.com", version: "v1", kind: "Rules", plural: "rules" },
    { group: "gateway.networking.k8s.io", version: "v1", kind: "GatewayClass", plural: "gatewayclasses", scope: "Cluster" },
    { group: "gateway.networking.k8s.io", version: "v1", kind: "Gateway", plural: "gateways" },
    { group: "gateway.networking.k8s.io", version: "v1", kind: "HTTPRoute", plural: "httproutes" },
    { group: "networking.gke.io", version: "v1", kind: "HealthCheckPolicy", plural: "healthcheckpolicies" },
    { group: "networking.gke.io", version: "v1", kind: "GCPBackendPolicy", plural: "gcpbackendpolicies" },
    { group: "networking.gke.io", version: "v1", kind: "GCPGatewayPolicy", plural: "gcpgatewaypolicies" },
    { group: "networking.gke.io", version: "v1", kind: "ManagedCertificate", plural: "managedcertificates" },
    { group: "networking.gke.io", version: "v1alpha1", kind: "FQDNNetworkPolicy", plural: "fqdnnetworkpolicies" },
    { group: "networking.gke.io", version: "v1beta1", kind: "FrontendConfig", plural: "frontendconfigs" },
    { group: "autoscaling.gke.io", version: "v1beta1", kind: "AutoscalingMetric", plural: "autoscalingmetrics" },
    { group: "cloud.google.com", version: "v1", kind: "BackendConfig", plural: "backendconfigs" },
    { group: "autoscaling.x-k8s.io", version: "v1", kind: "ProvisioningRequest", plural: "provisioningrequests" },
    { group: "secrets-store.csi.x-k8s.io", version: "v1", kind: "SecretProviderClass", plural: "secretproviderclasses" },
    { group: "secret-sync.gke.io", version: "v1", kind: "SecretSync", plural: "secretsyncs" },
    { group: "cloud.google.com", version: "v1", kind: "ComputeClass", plural: "computeclasses", scope: "Cluster" },
];

const GATEWAY_APPROVAL = "https://github.com/kubernetes-sigs/gateway-api/pull/2466";

/** CustomResourceDefinitions of these kinds. */
export const GKE_KINDS: readonly object[] = KINDS.map(({ group, version, kind, plural, scope = "Namespaced" }) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
        name: `${plural}.${group}`,
        // The API server requires the annotation for groups under k8s.io.
        annotations: group.endsWith(".k8s.io") ? { "api-approved.kubernetes.io": GATEWAY_APPROVAL } : undefined,
    },
    spec: {
        group,
        scope,
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [
            {
                name: version,
                served: true,
                storage: true,
                subresources: { status: {} },
                schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
            },
        ],
    },
}));
