import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { projectNumber } from "../../../cloud/generated";
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from "../../../cloud/json";
import { ApiUnderTest } from "../test-api";
import type { Exchange } from "./cut";

/**
 * Requests that the official gcp provider (9.35.0) sent for the stack: an update, changes, refreshes and a destroy. The answers are those of an emulator with
 * which every preview in between was empty. `cut.ts` cuts the recording down to the methods that the sandbox serves.
 */
const EXCHANGES = JSON.parse(fs.readFileSync(path.join(__dirname, "exchanges.json"), "utf8")) as readonly Exchange[];

const PROJECT = "my-organization-ml-dev";

/** What each server generates: compared by presence only. */
const GENERATED =
    /(^|\.)(createTime|destroyTime|updateTime|generateTime|lastEnableTime|timeCreated|updated|effectiveTime|creationTime|dnsResourceRecord\.data|etag|generation|registryUri|uniqueId|oauth2ClientId|projectNumber|id|targetId|selfLinkWithId|creationTimestamp|insertTime|startTime|endTime|fingerprint|labelFingerprint|address|resourceVersion|clusterCaCertificate|(private|public)?[eE]ndpoint|instanceGroupUrls\[\d+\]|(current|initial)(Cluster|Master|Node)?Version|version)$/;
/**
 * The emulator reports the size of a repository, version 3 of policies without conditions, the target of operations, a package that Google's protocol buffers do
 * not have, the organization of a project, fewer roles in the first policy of a bucket, and checksums that
 * no caller gave, who started an operation of Compute Engine, APIs without their titles, and two of the four name servers of a zone. It does not schedule the destruction of keys. The sandbox does not; the tests in `official-clients/` decode its answers by Google's protocol buffers.
 */
const DIFFERENT =
    /^(response\.)?sizeBytes$|^version$|^metadata\.|^name$|^response\.@type$|^parent\.|\.lockedTime$|^clientSpecifiedPayloadChecksum$|^totalSize$|^user$|config\.title$|^(nameServers|rrsets\[0\]\.rrdatas)\[[23]\]$|^destroyTime$|^primary\.(state|destroyTime)$/;
/**
 * Differences of GKE. The emulator does not report billing labels, built-in local SSDs, the numbers of nodes and false values with presence; it forgets the boot
 * disk of an updated pool, stores the ID of the pool, and is slower. The sandbox does not measure how full a range is.
 */
const DIFFERENT_IN_GKE =
    /^initialNodeCount$|(^|\.)(podIpv4RangeUtilization|defaultPodIpv4RangeUtilization|goog-gke-accelerator-type|ephemeralStorageLocalSsdConfig\.localSsdCount|currentNodeCount|bootDisk\..*|config\.nodePoolId|nodePools\[\d+\]\.status|enableK8s(Certs|Tokens)ViaDns|globalAccess|gcpPublicCidrsAccessEnabled|privateEndpointEnforcementEnabled)$/;
/** Names of instance groups are random, links have the version of the request, and the emulator never removes a node. */
const OF_GROUPS = /^items\[\d+\]\.(fingerprint|id|instanceGroup|name|selfLink|status\..*|targetSize|zone)$/;
/** A pool's operation that an update of the cluster starts has the cluster as its target there, and an own name in its link. */
const LINK = /^(targetLink|selfLink)$/;
const FIRST_BUCKET_POLICY = /^bindings\[\d+\]\..*/;
/** When a project was created is not known. The emulator gives repositories no etag. */
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
    /** What this server generated, by what the recorded one did: names of operations and triggers, and etags. */
    const renamed = new Map<string, string>([["123456789012", projectNumber("my-organization-ml-dev")]]);

    before(async () => {
        api = await ApiUnderTest.start();
        // Its repository is linked to a connection that a person made before.
        await api.call(
            "POST",
            "cloudbuild.googleapis.com/v2/projects/my-organization-ml-dev/locations/us-central1/connections?connectionId=github",
            {
                githubConfig: { appInstallationId: 1 },
            },
        );
        // What the recorded project had not enabled.
        for (const service of ["secretmanager", "containerscanning"]) {
            await api.call("POST", `serviceusage.googleapis.com/v1/projects/${PROJECT}/services/${service}.googleapis.com:disable`, {});
        }
        // Its reader is an account that was created before.
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

    it("are enough to say something", () => {
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
