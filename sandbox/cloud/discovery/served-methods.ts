import collections from "../handlers/compute/collections.json";
import type { Parameter, Schema } from "./document";

/** An API that the sandbox serves in part. */
export interface ServedApi {
    /** File name of the discovery document, such as `artifactregistry.v1`, with its folder in `documents/`, if any. */
    readonly document: string;
    /** Module of a client library with the protocol buffers that define the enum numbers. Absent if no client of the API sends numbers. */
    readonly protocolBuffers?: string;
    /** Method IDs. */
    readonly methods: readonly string[];
    /** Fields that the API accepts and Google's document lacks, by schema. Default: none. */
    readonly unlisted?: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
    /** Query parameters that the API's lists accept and Google's document lacks. Default: none. */
    readonly unlistedOfLists?: Readonly<Record<string, Parameter>>;
}

function methods(prefix: string, names: string): readonly string[] {
    return names.split(" ").map((name) => `${prefix}.${name}`);
}

/** Version 1 and beta of Compute Engine, which differ in fields only. */
const COMPUTE = {
    methods: [
        ...Object.entries(collections).flatMap(([name, collection]) => methods(`compute.${name}`, collection.methods.join(" "))),
        ...["global", "region", "zone"].flatMap((scope) => methods(`compute.${scope}Operations`, "get list wait")),
        ...["acceleratorTypes", "globalOperations", "instanceGroupManagers", "machineTypes"].map(
            (name) => `compute.${name}.aggregatedList`,
        ),
        ...["regions", "zones", "machineTypes", "acceleratorTypes"].flatMap((name) => methods(`compute.${name}`, "get list")),
        ...["compute.instanceGroupManagers.list", "compute.projects.get"],
    ],
    // The official provider (google-beta 7.45.0) sends them.
    unlisted: {
        NetworkRoutingConfig: { deleteBgpAlwaysCompareMed: { type: "boolean" } },
        RouterNat: { initialNatIps: { type: "array", items: { type: "string" } } },
    },
    // gcloud 578.0.0 sends it.
    unlistedOfLists: { returnPartialSuccess: { type: "boolean", location: "query" } },
} as const;
const CONTAINER = "container.projects.locations";
/** The official gcp provider calls the beta version of GKE's API, most other clients version 1. */
const GKE = {
    protocolBuffers: "@google-cloud/container/build/protos/protos.json",
    methods: [
        ...methods(`${CONTAINER}.clusters`, "create delete get list setMaintenancePolicy setResourceLabels update"),
        ...methods(`${CONTAINER}.clusters.nodePools`, "create delete get list setAutoscaling setManagement setSize update"),
        ...methods(`${CONTAINER}.operations`, "get list"),
        `${CONTAINER}.getServerConfig`,
    ],
};

/** The APIs and methods that `cut.ts` keeps from Google's discovery documents. */
export const SERVED_APIS: readonly ServedApi[] = [
    {
        document: "artifactregistry.v1",
        protocolBuffers: "@google-cloud/artifact-registry/build/protos/protos.json",
        methods: [
            ...methods(
                "artifactregistry.projects.locations.repositories",
                "create delete get getIamPolicy list patch setIamPolicy testIamPermissions",
            ),
            ...["dockerImages", "packages", "packages.versions", "packages.tags"].flatMap((name) =>
                methods(`artifactregistry.projects.locations.repositories.${name}`, "get list"),
            ),
            "artifactregistry.projects.locations.operations.get",
            ...methods("artifactregistry.projects.locations", "get list"),
        ],
    },
    // gcloud reads the locations here.
    { document: "artifactregistry.v1beta2", methods: methods("artifactregistry.projects.locations", "get list") },
    {
        document: "iam.v1",
        methods: [
            ...methods(
                "iam.projects.serviceAccounts",
                "create delete disable enable get getIamPolicy list patch setIamPolicy testIamPermissions",
            ),
            ...methods("iam.projects.roles", "create delete get list patch"),
            ...methods("iam.roles", "get list"),
            "iam.permissions.queryTestablePermissions",
            ...methods("iam.projects.locations.workloadIdentityPools", "create delete get list listAttestationRules patch operations.get"),
            ...methods("iam.projects.locations.workloadIdentityPools.providers", "create delete get list patch operations.get"),
        ],
        // gcloud 578.0.0 sends it.
        unlisted: { WorkloadIdentityPool: { enableMeshCaCompatibility: { type: "boolean" } } },
    },
    {
        document: "cloudresourcemanager.v1",
        methods: methods("cloudresourcemanager.projects", "get getAncestry getIamPolicy list setIamPolicy testIamPermissions"),
    },
    {
        document: "iamcredentials.v1",
        methods: ["iamcredentials.projects.serviceAccounts.generateAccessToken"],
    },
    {
        document: "web/certificatemanager.v1",
        protocolBuffers: "@google-cloud/certificate-manager/build/protos/protos.json",
        methods: [
            ...["certificates", "certificateMaps", "certificateMaps.certificateMapEntries", "dnsAuthorizations"].flatMap((collection) =>
                methods(`certificatemanager.projects.locations.${collection}`, "create delete get list patch"),
            ),
            "certificatemanager.projects.locations.operations.get",
            ...methods("certificatemanager.projects.locations", "get list"),
        ],
    },
    ...["web/dns.v1", "web/dns.v1beta2"].map((document) => ({
        document,
        methods: [
            ...methods("dns.managedZones", "create delete get list patch"),
            ...methods("dns.resourceRecordSets", "create delete get list patch"),
            ...methods("dns.changes", "create get list"),
        ],
    })),
    {
        document: "project/serviceusage.v1",
        protocolBuffers: "@google-cloud/service-usage/build/protos/protos.json",
        methods: [...methods("serviceusage.services", "batchEnable disable enable get list"), "serviceusage.operations.get"],
    },
    {
        document: "project/serviceusage.v1beta1",
        methods: ["serviceusage.services.generateServiceIdentity", "serviceusage.operations.get"],
    },
    { document: "project/sts.v1", methods: ["sts.token"] },
    {
        document: "storage.v1",
        methods: [
            ...methods(
                "storage.buckets",
                "delete get getIamPolicy insert list lockRetentionPolicy patch setIamPolicy testIamPermissions update",
            ),
            "storage.anywhereCaches.list",
            "storage.objects.list",
            "storage.projects.serviceAccount.get",
        ],
    },
    {
        document: "secretmanager.v1",
        protocolBuffers: "@google-cloud/secret-manager/build/protos/protos.json",
        methods: [
            ...methods(
                "secretmanager.projects.secrets",
                "addVersion create delete get getIamPolicy list patch setIamPolicy testIamPermissions",
            ),
            ...methods("secretmanager.projects.secrets.versions", "access destroy disable enable get list"),
            ...methods("secretmanager.projects.locations", "get list"),
        ],
    },
    {
        document: "cloudkms.v1",
        protocolBuffers: "@google-cloud/kms/build/protos/protos.json",
        methods: [
            ...methods("cloudkms.projects.locations.keyRings", "create get getIamPolicy list setIamPolicy testIamPermissions"),
            ...methods(
                "cloudkms.projects.locations.keyRings.cryptoKeys",
                "create decrypt encrypt get getIamPolicy list patch setIamPolicy testIamPermissions updatePrimaryVersion",
            ),
            ...methods("cloudkms.projects.locations.keyRings.cryptoKeys.cryptoKeyVersions", "create destroy get list patch restore"),
            ...methods("cloudkms.projects.locations", "get list"),
        ],
    },
    {
        document: "cloudbuild.v1",
        protocolBuffers: "@google-cloud/cloudbuild/build/protos/protos.json",
        methods: [
            ...methods("cloudbuild.projects.locations.builds", "get list"),
            ...methods("cloudbuild.projects.locations.triggers", "create delete get list patch run"),
            ...methods("cloudbuild.projects.locations.workerPools", "create delete get list patch"),
            "cloudbuild.projects.locations.operations.get",
        ],
    },
    {
        document: "cloudbuild.v2",
        protocolBuffers: "@google-cloud/cloudbuild/build/protos/protos.json",
        methods: [
            ...methods(
                "cloudbuild.projects.locations.connections",
                "create delete get getIamPolicy list patch setIamPolicy testIamPermissions",
            ),
            ...methods("cloudbuild.projects.locations.connections.repositories", "create delete get list"),
            "cloudbuild.projects.locations.operations.get",
        ],
    },
    {
        document: "container/binaryauthorization.v1",
        methods: [
            ...methods("binaryauthorization.projects", "getPolicy updatePolicy"),
            ...methods("binaryauthorization.projects.attestors", "create delete get list"),
        ],
    },
    { document: "compute.v1", ...COMPUTE },
    { document: "compute.beta", ...COMPUTE },
    { document: "container/container.v1", ...GKE },
    { document: "container/containeranalysis.v1", methods: methods("containeranalysis.projects.occurrences", "create list") },
    { document: "container/container.v1beta1", ...GKE },
];
