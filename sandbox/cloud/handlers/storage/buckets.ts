import { ApiError, ensure } from "../../api/api-error";
import { projectIdOf } from "../../api/projects";
import { apiService, type ApiService, type Call, textOf } from "../../api/service";
import document from "../../discovery/documents/storage.v1.json";
import { projectNumber } from "../../generated";
import { isJsonObject, type JsonObject, type JsonValue, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { mergePatch, withoutNull } from "../common/merge-patch";
import { pageOf } from "../common/pages";
import { conditionNotMet, ReasonError, reasonErrorBody } from "../common/reason-error";
import { Resources } from "../common/resources";
import { bucketPolicyMethods, NOT_MET } from "./bucket-policies";
import { checkBucket, checkBucketName, checkChange, locationType } from "./bucket-rules";
import { bucketView, firstState, isUniform, nextState } from "./bucket-view";

/** Ledger type of buckets. Their IDs are their names, because names are global. */
export const BUCKET = "storage.googleapis.com/Bucket";

/** https://cloud.google.com/storage/docs/json_api/v1/buckets/list */
const MOST_OF_A_PAGE = 1000;
/** Fields that only the API sets, and access control lists, which the sandbox does not keep. */
const NOT_KEPT = new Set(
    (
        "acl defaultObjectAcl etag generation hardDeleteTime id kind locationType metageneration name objectRetention owner projectNumber " +
        "satisfiesPZI satisfiesPZS selfLink softDeleteTime timeCreated updated"
    ).split(" "),
);
/** Fields of objects that only the API sets. */
const NOT_KEPT_INSIDE = new Set(["effectiveTime", "toggleTime", "terminalStorageClassUpdateTime", "lockedTime"]);

/** Cloud Storage v1: buckets and their allow policies. The sandbox keeps no objects. */
export function buckets(ledger: Ledger): ApiService {
    const all = new Resources(ledger, BUCKET, () => new ApiError("NOT_FOUND", "The specified bucket does not exist."));
    const find = (call: Call): Entry => checkConditions(all.get(textOf(call, "bucket")), call);
    const change = (entry: Entry, inputs: JsonObject): JsonObject => {
        checkChange(entry.inputs, inputs, entry.id, entry.provisioned.lockedTime);
        checkBucket(inputs);
        return bucketView(all.put(entry, { inputs, provisioned: nextState(entry.inputs, inputs, entry.provisioned) }));
    };
    const withList = (kind: string) => (call: Call) => {
        find(call);
        return { kind };
    };

    const handlers: ApiService["handlers"] = {
        "storage.buckets.insert": (call) => bucketView(created(call, all, ledger)),
        "storage.buckets.get": (call) => {
            const entry = find(call);
            if (call.parameters.ifMetagenerationNotMatch === entry.provisioned.metageneration) {
                throw new ReasonError(304, "Not Modified", "notModified");
            }
            return bucketView(entry);
        },
        "storage.buckets.list": (call) => {
            const project = projectIdOf(ledger, textOf(call, "project"));
            const found = ledger
                .list()
                .filter(
                    ({ type, id, provisioned }) =>
                        type === BUCKET && provisioned.project === project && id.startsWith(textOf(call, "prefix")),
                )
                .sort((a, b) => (a.id < b.id ? -1 : 1));
            const { maxResults, pageToken } = call.parameters;
            const query = { ...(maxResults !== undefined && { pageSize: maxResults }), ...(pageToken !== undefined && { pageToken }) };
            return { kind: "storage#buckets", ...pageOf("items", found.map(bucketView), query, MOST_OF_A_PAGE) };
        },
        "storage.buckets.patch": (call) => {
            const entry = find(call);
            return change(entry, withoutNull(mergePatch(entry.inputs, keptFields(call.body))));
        },
        "storage.buckets.update": (call) => {
            const entry = find(call);
            const { location } = entry.inputs;
            return change(entry, withoutNull({ location, ...keptFields(call.body) }));
        },
        "storage.buckets.delete": (call) => {
            all.delete(find(call).id);
            return undefined;
        },
        "storage.buckets.lockRetentionPolicy": (call) => {
            const entry = find(call);
            const { retentionPolicy } = entry.inputs;
            ensure(isJsonObject(retentionPolicy), "The bucket does not have a retention policy.");
            return change(entry, { ...entry.inputs, retentionPolicy: { ...retentionPolicy, isLocked: true } });
        },
        "storage.objects.list": withList("storage#objects"),
        "storage.anywhereCaches.list": withList("storage#anywhereCaches"),
        "storage.projects.serviceAccount.get": (call) => {
            const number = projectNumber(projectIdOf(ledger, textOf(call, "projectId")));
            return { kind: "storage#serviceAccount", email_address: `service-${number}@gs-project-accounts.iam.gserviceaccount.com` };
        },
        ...bucketPolicyMethods(all, ledger),
    };
    return apiService(document, handlers, { keepsDefaults: true, errorBody: reasonErrorBody });
}

function created(call: Call, all: Resources, ledger: Ledger): Entry {
    const name = textOrEmpty(call.body.name);
    const project = projectIdOf(ledger, textOf(call, "project"));
    checkBucketName(name);
    const other = all.find(name);
    if (other !== undefined) {
        throw new ReasonError(409, other.provisioned.project === project ? OWN_NAME : OTHERS_NAME, "conflict");
    }
    const inputs = bucketInputs(call.body);
    locationType(textOrEmpty(inputs.location), inputs);
    checkBucket(inputs);
    ensure(
        !isUniform(inputs) || (call.parameters.predefinedAcl ?? call.parameters.predefinedDefaultObjectAcl) === undefined,
        "Cannot use ACL API to update bucket policy when uniform bucket-level access is enabled. Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access",
    );
    const retention = call.parameters.enableObjectRetention === true ? { objectRetention: { mode: "Enabled" } } : {};
    return all.create(name, { ...inputs, ...retention }, firstState(inputs, project));
}

const OWN_NAME = "Your previous request to create the named bucket succeeded and you already own it.";
const OTHERS_NAME =
    "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.";

/** https://cloud.google.com/storage/docs/request-preconditions */
function checkConditions(entry: Entry, { parameters }: Call): Entry {
    const expected = parameters.ifMetagenerationMatch;
    ensure(expected === undefined || expected === entry.provisioned.metageneration, NOT_MET, conditionNotMet);
    return entry;
}

/** Returns the fields of a new bucket that the ledger keeps. */
export function bucketInputs(body: JsonObject): JsonObject {
    return withoutNull({ location: "US", ...keptFields(body) });
}

/** Returns the fields that callers set, with the location as the API writes it. */
function keptFields(body: JsonObject): JsonObject {
    const kept = Object.entries(body).filter(([name]) => !NOT_KEPT.has(name));
    return Object.fromEntries(
        kept.map(([name, value]) => [name, name === "location" && typeof value === "string" ? value.toUpperCase() : withoutTimes(value)]),
    );
}

function withoutTimes(value: JsonValue | undefined): JsonValue | undefined {
    if (!isJsonObject(value)) {
        return value;
    }
    // `bucketPolicyOnly` is the former name of `uniformBucketLevelAccess`.
    const { bucketPolicyOnly, ...rest } = value;
    const fields = bucketPolicyOnly === undefined ? rest : { uniformBucketLevelAccess: bucketPolicyOnly, ...rest };
    return Object.fromEntries(
        Object.entries(fields)
            .filter(([name]) => !NOT_KEPT_INSIDE.has(name))
            .map(([name, inner]) => [name, withoutTimes(inner)]),
    );
}
