import * as fs from "node:fs";
import * as path from "node:path";
import { SERVED_APIS } from "../discovery/served-methods";
import { fieldLines } from "../json";

/** Google's lists of methods and roles, each with its permissions. */
interface Listing {
    readonly source: string;
    readonly methods: Readonly<Record<string, readonly string[]>>;
    readonly roles: Readonly<Record<string, readonly string[]>>;
}

/** Permissions without a served method: to use images, objects and keys, to verify the attestations of a pod's images, and to run something as a service account. */
const WITHOUT_METHOD = [
    "artifactregistry.repositories.deleteArtifacts",
    "artifactregistry.repositories.downloadArtifacts",
    "artifactregistry.repositories.uploadArtifacts",
    "binaryauthorization.attestors.verifyImageAttested",
    "cloudkms.cryptoKeyVersions.useToDecrypt",
    "cloudkms.cryptoKeyVersions.useToEncrypt",
    "iam.serviceAccounts.actAs",
    "storage.objects.create",
    "storage.objects.delete",
    "storage.objects.get",
];

/** Permissions of the methods create, delete, get, list and patch. */
function standard(methods: string, permissions: string): Readonly<Record<string, readonly string[]>> {
    const verbs = ["create", "delete", "get", "list"].map((verb) => [`${methods}.${verb}`, [`${permissions}.${verb}`]] as const);
    return { ...Object.fromEntries(verbs), [`${methods}.patch`]: [`${permissions}.update`] };
}

/**
 * Google's lists lack these methods, or name permissions in another way. https://cloud.google.com/build/docs/private-pools/set-up-private-pool-environment,
 * https://github.com/cloudpilot-ai/karpenter-provider-gcp/pull/403,
 * https://cloud.google.com/iam/docs/service-account-permissions#token-creator-role,
 * https://cloud.google.com/iam/docs/creating-custom-roles#required-roles, https://cloud.google.com/artifact-analysis/docs/ca-permissions,
 * https://cloud.google.com/service-usage/docs/access-control and https://cloud.google.com/storage/docs/access-control/iam-json
 */
const UNLISTED = {
    "cloudbuild.projects.locations.workerPools.patch": ["cloudbuild.workerpools.update"],
    "containeranalysis.projects.occurrences.create": ["containeranalysis.occurrences.create", "containeranalysis.notes.attachOccurrence"],
    "containeranalysis.projects.occurrences.list": ["containeranalysis.occurrences.list"],
    "cloudresourcemanager.projects.list": [],
    "container.projects.locations.getServerConfig": ["container.clusters.list"],
    "iam.permissions.queryTestablePermissions": [],
    ...standard("iam.projects.roles", "iam.roles"),
    "iam.roles.get": [],
    "iam.roles.list": [],
    ...standard("iam.projects.locations.workloadIdentityPools", "iam.workloadIdentityPools"),
    ...standard("iam.projects.locations.workloadIdentityPools.providers", "iam.workloadIdentityPoolProviders"),
    "iam.projects.locations.workloadIdentityPools.listAttestationRules": ["iam.workloadIdentityPools.get"],
    "iamcredentials.projects.serviceAccounts.generateAccessToken": ["iam.serviceAccounts.getAccessToken"],
    "serviceusage.services.generateServiceIdentity": ["serviceusage.services.enable"],
    "sts.token": [],
    "storage.anywhereCaches.list": ["storage.anywhereCaches.list"],
    "storage.objects.list": ["storage.objects.list"],
    "storage.projects.serviceAccount.get": ["resourcemanager.projects.get"],
};

/** Writes one line per method and role, so that updates have readable diffs. */
function format({ source, methods, roles }: Listing): string {
    return `{"source": ${JSON.stringify(source)},\n"methods": {\n${fieldLines(methods)}\n},\n"roles": {\n${fieldLines(roles)}\n}}\n`;
}

/** Reduces the listing to the methods of the sandbox, and the roles to the permissions that these methods require. */
function cut({ source, methods, roles }: Listing): Listing {
    const used = new Set(SERVED_APIS.flatMap(({ methods }) => methods));
    const kept = { ...Object.fromEntries(Object.entries(methods).filter(([method]) => used.has(method))), ...UNLISTED };
    const permissions = new Set([...Object.values(kept).flat(), ...WITHOUT_METHOD]);
    const reduced = Object.entries(roles).map(([role, all]) => [role, all.filter((permission) => permissions.has(permission))] as const);
    return { source, methods: kept, roles: Object.fromEntries(reduced.filter(([, left]) => left.length > 0)) };
}

const file = process.argv[2];
if (file === undefined) {
    throw new Error("Name the file with Google's lists of methods and roles. sandbox/cloud/README.md describes it.");
}
const listing = JSON.parse(fs.readFileSync(file, "utf8")) as Listing;
fs.writeFileSync(path.join(__dirname, "permissions.json"), format(cut(listing)));
