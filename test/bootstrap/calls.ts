import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Exchange } from "../../sandbox/test/cloud/replay/cut";

/** A call of Google's API. */
export interface Call {
    readonly id: string;
    readonly method: string;
    /** Path with the host of the service in front. */
    readonly path: string;
    readonly body?: unknown;
}

/** A permission that something other than a method of a simulated API requires. */
export interface Use {
    readonly permission: string;
    /** The API that checks it, and the resource. */
    readonly service: string;
    readonly name: string;
}

/** What an identity does. */
export interface Work {
    readonly calls: readonly Call[];
    readonly uses: readonly Use[];
}

/** Project of the recording. */
const RECORDED = "my-organization-ml-dev";
const FILE = path.join(__dirname, "..", "..", "sandbox", "test", "cloud", "replay", "exchanges.json");
const EXCHANGES = JSON.parse(readFileSync(FILE, "utf8")) as readonly Exchange[];

/** What a person creates before a stack: APIs, keys, DNS zones and secrets. */
const BY_A_PERSON = /^(cloudkms|dns|secretmanager|serviceusage)\./;
/** Calls that a refresh makes, which change nothing. */
const READS = /\.(get|getIamPolicy|list)$/;
/** The provider lists the contents of a bucket before it deletes the bucket. */
const BEFORE_DELETION = /^storage\.(anywhereCaches|objects)\.list$/;
/** The policy of the project in the recording lacks the grants of `npm run bootstrap`. `grantLogging` takes its place. */
const PROJECT_POLICY = "cloudresourcemanager.projects.setIamPolicy";

/** The recorded calls of the official provider for a stack, in another project and without repetitions. */
function recorded(project: string, isMade: (id: string) => boolean): readonly Call[] {
    const calls = EXCHANGES.filter(({ id }) => !BY_A_PERSON.test(id) && id !== PROJECT_POLICY && isMade(id));
    const moved = calls.map(({ id, method, path, body }) =>
        JSON.stringify({ id, method, path, body }).replaceAll(RECORDED, project).replaceAll("projects/123456789012", `projects/${project}`),
    );
    return [...new Set(moved)].map((call) => JSON.parse(call) as Call);
}

/** Grants the role of nodes to write logs, in addition to the policy that the project has. */
function grantLogging(project: string, policy: unknown): Call {
    const { bindings = [] } = policy as { bindings?: readonly object[] };
    const added = { role: "roles/logging.logWriter", members: [`serviceAccount:nodes@${project}.iam.gserviceaccount.com`] };
    return {
        id: PROJECT_POLICY,
        method: "POST",
        path: `cloudresourcemanager.googleapis.com/v1/projects/${project}:setIamPolicy`,
        body: { policy: { version: 3, bindings: [...bindings, added] } },
    };
}

/** Requires attestations of the project's builds. The recording has no policy. */
function requireAttestations(project: string): Call {
    const requireAttestationsBy = [`projects/${project}/attestors/built-by-cloud-build`];
    const modes = { evaluationMode: "REQUIRE_ATTESTATION", enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG" };
    return {
        id: "binaryauthorization.projects.updatePolicy",
        method: "PUT",
        path: `binaryauthorization.googleapis.com/v1/projects/${project}/policy`,
        body: { defaultAdmissionRule: { ...modes, requireAttestationsBy } },
    };
}

/** Where a stack is, and its state. */
export interface Place {
    readonly project: string;
    readonly environment: string;
    readonly bucket: string;
    /** Resource name of the key of its secrets. */
    readonly key: string;
}

const inState = ({ bucket }: Place, permission: string, object?: string): Use => ({
    permission,
    service: "storage.googleapis.com",
    name: object === undefined ? `projects/_/buckets/${bucket}` : `projects/_/buckets/${bucket}/objects/.pulumi/${object}`,
});
const withKey = ({ key }: Place, use: "Decrypt" | "Encrypt"): Use => ({
    permission: `cloudkms.cryptoKeyVersions.useTo${use}`,
    service: "cloudkms.googleapis.com",
    name: key,
});
const images = (project: string, use: "download" | "upload"): Use => ({
    permission: `artifactregistry.repositories.${use}Artifacts`,
    service: "artifactregistry.googleapis.com",
    name: `projects/${project}/locations/us-central1/repositories/ml-images`,
});
const inCluster = (project: string, permission: string): Use => ({
    permission,
    service: "container.googleapis.com",
    name: `projects/${project}/locations/us-central1/clusters/ml`,
});

/** A deployment: all calls of the recording, the policy of Binary Authorization, the stack's state, pushes of images, and objects in the cluster. */
export function deployment(place: Place, policy: unknown): Work {
    const { project, environment } = place;
    return {
        calls: [...recorded(project, () => true), grantLogging(project, policy), requireAttestations(project)],
        uses: [
            ...[inState(place, "storage.objects.list"), inState(place, "storage.objects.get", "meta.yaml")],
            inState(place, "storage.objects.create", `stacks/ml-platform/${environment}.json`),
            inState(place, "storage.objects.delete", `locks/organization/ml-platform/${environment}/1.json`),
            ...[withKey(place, "Decrypt"), withKey(place, "Encrypt")],
            ...[images(project, "download"), images(project, "upload"), inCluster(project, "container.deployments.create")],
        ],
    };
}

/** A preview with a refresh. Drift checks are one, too. */
export function preview(place: Place): Work {
    const { project, environment } = place;
    return {
        calls: recorded(project, (id) => READS.test(id) && !BEFORE_DELETION.test(id)),
        uses: [
            ...[inState(place, "storage.objects.list"), inState(place, "storage.objects.get", `stacks/ml-platform/${environment}.json`)],
            ...[withKey(place, "Decrypt"), images(project, "download"), inCluster(project, "container.deployments.get")],
        ],
    };
}

/** The first stack lists another project, which pulls its images. */
export function sharing(project: string): Work {
    const path = `cloudresourcemanager.googleapis.com/v1/projects/${project}`;
    return { calls: [{ id: "cloudresourcemanager.projects.get", method: "GET", path }], uses: [] };
}
