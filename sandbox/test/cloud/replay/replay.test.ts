import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectNumber } from "../../../cloud/generated";
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from "../../../cloud/json";
import { ApiUnderTest } from "../test-api";
import type { Exchange } from "./cut";

/**
 * Requests of the official gcp provider (9.35.0) for the stack: an update, changes, refreshes and a destroy. An emulator answered them. Every preview after an
 * update was empty, so the provider accepted its responses. `cut.ts` reduces the recording to the methods that the sandbox serves.
 */
const EXCHANGES = JSON.parse(fs.readFileSync(path.join(__dirname, "exchanges.json"), "utf8")) as readonly Exchange[];

const PROJECT = "my-organization-ml-dev";

/** Values that each server generates. The test only compares whether they are present. */
const GENERATED =
    /(^|\.)(createTime|destroyTime|updateTime|generateTime|lastEnableTime|timeCreated|updated|effectiveTime|creationTime|dnsResourceRecord\.data|etag|generation|registryUri|uniqueId|oauth2ClientId|projectNumber|id|targetId|selfLinkWithId|creationTimestamp|insertTime|startTime|endTime|fingerprint|labelFingerprint|address|resourceVersion|clusterCaCertificate|(private|public)?[eE]ndpoint|instanceGroupUrls\[\d+\]|(current|initial)(Cluster|Master|Node)?Version|version)$/;
/**
 * Differences of the emulator. It reports more than the sandbox: the size of a repository, version 3 for policies without conditions, the target of an
 * operation and the user who started it, the organization of a project, checksums that no caller sent, and a type that Google's protocol buffers do not
 * contain. It reports less: titles of APIs, two of a zone's four name servers, and some roles in the first policy of a bucket. It does not schedule the
 * destruction of keys. The tests in `official-clients/` decode the sandbox's responses with Google's protocol buffers.
 */
const DIFFERENT =
    /^(response\.)?sizeBytes$|^version$|^metadata\.|^name$|^response\.@type$|^parent\.|\.lockedTime$|^clientSpecifiedPayloadChecksum$|^totalSize$|^user$|config\.title$|^(nameServers|rrsets\[0\]\.rrdatas)\[[23]\]$|^destroyTime$|^primary\.(state|destroyTime)$/;
/**
 * Differences for GKE. The emulator does not report billing labels, built-in local SSDs, numbers of nodes, and optional fields with the value false. It loses
 * the boot disk of an updated pool, stores the ID of the pool, and is slower. The sandbox does not measure the utilization of a range.
 */
const DIFFERENT_IN_GKE =
    /^initialNodeCount$|(^|\.)(podIpv4RangeUtilization|defaultPodIpv4RangeUtilization|goog-gke-accelerator-type|ephemeralStorageLocalSsdConfig\.localSsdCount|currentNodeCount|bootDisk\..*|config\.nodePoolId|nodePools\[\d+\]\.status|enableK8s(Certs|Tokens)ViaDns|globalAccess|gcpPublicCidrsAccessEnabled|privateEndpointEnforcementEnabled)$/;
/** Names of instance groups are random, links contain the API version of the request, and the emulator never removes a node. */
const OF_GROUPS = /^items\[\d+\]\.(fingerprint|id|instanceGroup|name|selfLink|status\..*|targetSize|zone)$/;
/** An update of a cluster can start an operation on a pool. On the emulator, its target is the cluster, and its link has another name. */
const LINK = /^(targetLink|selfLink)$/;
const FIRST_BUCKET_POLICY = /^bindings\[\d+\]\..*/;
/** Fields that only one side knows: the creation time of a project, and the etags of repositories. */
const UNKNOWN: Readonly<Record<string, string>> = {
    "cloudresourcemanager.projects.get": "createTime",
    "cloudbuild.projects.locations.connections.repositories.get": "etag",
    "cloudbuild.projects.locations.operations.get": "response.etag",
};
/** The emulator has no quotas and no default service account. */
const NOT_COMPARED: Readonly<Record<string, RegExp>> = { "compute.projects.get": /^(quotas|defaultServiceAccount)/ };

/** The fields of an answer by path. */
function fieldsOf(value: JsonValue | undefined, at = ""): Readonly<Record<string, JsonValue>> {
    if (isJsonObject(value)) {
        return Object.assign(
            {},
            ...Object.entries(value).map(([name, inner]) => fieldsOf(inner, at === "" ? name : `${at}.${name}`)),
        ) as Record<string, JsonValue>;
    }
    if (isJsonList(value)) {
        return Object.assign({}, ...value.map((item, position) => fieldsOf(item, `${at}[${position}]`))) as Record<string, JsonValue>;
    }
    return { [at]: GENERATED.test(at) ? "generated" : (value ?? null) };
}

/** Returns GKE among the enabled APIs. The emulator's project lacks Google's default APIs, so the other services differ. */
function oneOf(answer: unknown): JsonValue {
    const { services = [] } = answer as { services?: readonly JsonObject[] };
    return services.filter(({ config }) => (config as { name: string }).name === "container.googleapis.com");
}

function compared({ id, answer: recorded }: Exchange, answer: unknown): Readonly<Record<string, JsonValue>> {
    const fields = Object.entries(fieldsOf(id === "serviceusage.services.list" ? oneOf(answer) : (answer as JsonValue)));
    const isFirst = id === "storage.buckets.getIamPolicy" && (recorded as { etag?: string } | undefined)?.etag === "CAE=";
    const isOperation = String((recorded as { name?: string } | undefined)?.name).startsWith("operation-");
    return Object.fromEntries(
        fields.filter(
            ([at]) =>
                !DIFFERENT.test(at) &&
                !(id.startsWith("container.") && DIFFERENT_IN_GKE.test(at)) &&
                !(id === "compute.instanceGroupManagers.list" && OF_GROUPS.test(at)) &&
                !(isOperation && LINK.test(at)) &&
                at !== UNKNOWN[id] &&
                NOT_COMPARED[id]?.test(at) !== true &&
                !(isFirst && FIRST_BUCKET_POLICY.test(at)),
        ),
    );
}

describe("the recorded requests of the official provider", () => {
    let api: ApiUnderTest;
    /** Names of operations and triggers, and etags: the generated value of this server, by the recorded one. */
    const renamed = new Map<string, string>([["123456789012", projectNumber("my-organization-ml-dev")]]);

    before(async () => {
        api = await ApiUnderTest.start();
        // The stack links its repository to an existing connection.
        await api.call(
            "POST",
            "cloudbuild.googleapis.com/v2/projects/my-organization-ml-dev/locations/us-central1/connections?connectionId=github",
            {
                githubConfig: { appInstallationId: 1 },
            },
        );
        // The recorded project had not enabled these APIs.
        for (const service of ["secretmanager", "containerscanning"]) {
            await api.call("POST", `serviceusage.googleapis.com/v1/projects/${PROJECT}/services/${service}.googleapis.com:disable`, {});
        }
        // The reader of the registry is an existing account.
        await api.call("POST", `iam.googleapis.com/v1/projects/${PROJECT}/serviceAccounts`, {
            accountId: "pull-request-preview",
        });
    });

    after(() => {
        api.stop();
    });

    const numbered = (text: string): string => text.replaceAll("projects/123456789012", `projects/${projectNumber(PROJECT)}`);
    /** Replaces all names in one pass: a generated name may contain a short recorded one. */
    const here = (text: string): string => {
        const names = [...renamed.keys()].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
        return numbered(text).replace(new RegExp(names.join("|") || "$^", "g"), (name) => renamed.get(name) ?? name);
    };

    it("cover more than 50 exchanges", () => {
        expect(EXCHANGES.length).to.be.greaterThan(50);
    });

    for (const [position, exchange] of EXCHANGES.entries()) {
        it(`${position} ${exchange.method} ${exchange.path.replace(/\?.*/, "")}`, async () => {
            const body = exchange.body === undefined ? undefined : here(JSON.stringify(exchange.body));
            const { status, body: answer } = await api.call(exchange.method, here(exchange.path), body);
            for (const name of ["name", "etag", "resourceName", "id", "fingerprint", "labelFingerprint", "resourceVersion"]) {
                const [there, mine] = [exchange.answer, answer].map((value) => {
                    const fields = value as Record<string, unknown> | undefined;
                    return (fields?.maintenancePolicy as Record<string, unknown> | undefined)?.[name] ?? fields?.[name];
                });
                if (typeof there === "string" && typeof mine === "string" && there !== mine) {
                    renamed.set(there, mine);
                }
            }
            if (exchange.id === "dns.changes.create") {
                const [there, mine] = [exchange.answer, answer].map((value) => `/changes/${String((value as { id?: string }).id)}?`);
                renamed.set(there ?? "", mine ?? "");
            }
            expect({ status, fields: compared(exchange, answer) }).to.deep.equal({
                status: exchange.status,
                fields: Object.fromEntries(
                    Object.entries(compared(exchange, exchange.answer ?? {})).map(([at, value]) => [
                        at,
                        typeof value === "string" ? here(value) : value,
                    ]),
                ),
            });
        });
    }
});
