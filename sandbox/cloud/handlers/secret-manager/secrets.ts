import { ApiError, ensure, invalid } from "../../api/api-error";
import { numbered } from "../../api/projects";
import { type ApiService, type Call, textOf } from "../../api/service";
import document from "../../discovery/documents/secretmanager.v1.json";
import type { Document } from "../../discovery/document";
import type { JsonObject } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { countedPageOf } from "../common/pages";
import { policiesOf, policyMethods } from "../common/policies";
import { Resources } from "../common/resources";
import { applyMask, maskPaths } from "../common/update-mask";
import { etagOf } from "./secret-names";
import { checkEtag, checkSecret, checkSecretId } from "./secret-rules";
import { versionMethods } from "./versions";

/** Ledger type of secrets. */
export const SECRET = "secretmanager.googleapis.com/Secret";

const METHODS = "secretmanager.projects.secrets";
/** https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/list */
const MOST_OF_A_PAGE = 25_000;

/** Secret Manager v1: secrets, their versions and their allow policies. The ledger keeps the values without encryption. */
export function secrets(ledger: Ledger): ApiService {
    const all = new Resources(ledger, SECRET, (name) => new ApiError("NOT_FOUND", `Secret [${numbered(name)}] not found.`));
    const versions = versionMethods(all, ledger);

    return {
        document: document as Document,
        handlers: {
            [`${METHODS}.create`]: (call) => {
                const id = textOf(call, "secretId");
                checkSecretId(id);
                const name = `${textOf(call, "parent")}/secrets/${id}`;
                ensure(all.find(name) === undefined, `Secret [${numbered(name)}] already exists.`, "ALREADY_EXISTS");
                ensure(Object.keys(call.body).length !== 0, "Secret must be provided.");
                const inputs = secretInputs(call.body);
                checkSecret(inputs);
                ensure(inputs.versionAliases === undefined, "Secret.version_aliases cannot be set on a secret without versions.");
                return viewOf(all.create(name, inputs));
            },
            [`${METHODS}.get`]: (call) => viewOf(all.get(textOf(call, "name"))),
            [`${METHODS}.list`]: (call) => {
                const entries = all.list(`${textOf(call, "parent")}/secrets`);
                return countedPageOf("secrets", entries.map(viewOf), call.parameters, MOST_OF_A_PAGE);
            },
            [`${METHODS}.patch`]: (call) => {
                const entry = all.get(textOf(call, "name"));
                const inputs = patched(call, entry);
                checkSecret(inputs);
                versions.checkAliases(entry.id, inputs.versionAliases);
                return viewOf(all.put(entry, { inputs }));
            },
            [`${METHODS}.delete`]: (call) => {
                const entry = all.get(textOf(call, "name"));
                checkEtag(call.parameters.etag, etagOf(entry));
                ledger.remove([entry, ...versions.of(entry.id)]);
                return {};
            },
            ...versions.handlers,
            ...policyMethods(METHODS, policiesOf(all), ledger),
        },
    };
}

function patched({ body, parameters }: Call, entry: Entry): JsonObject {
    const paths = maskPaths(parameters.updateMask);
    ensure(paths !== undefined, "The update_mask must be specified.");
    if (paths.some((path) => path.split(".")[0] === "replication" && !path.includes("customerManagedEncryption"))) {
        throw invalid("Secret.replication cannot be updated.");
    }
    checkEtag(body.etag, etagOf(entry));
    const { ttl, ...change } = secretInputs(body);
    const known = (document as Document).schemas.Secret?.properties ?? {};
    return applyMask(
        entry.inputs,
        { ...change, ...(ttl !== undefined && { ttl }) },
        paths.map((path) => (path === "ttl" ? "expireTime" : path)),
        known,
    );
}

/** Returns the fields of a secret that the ledger keeps. A time to live becomes the time at which it ends. */
export function secretInputs({ name: _, etag: __, ttl, ...inputs }: JsonObject): JsonObject {
    const end = typeof ttl === "string" ? new Date(Date.now() + Number.parseFloat(ttl) * 1000).toISOString() : undefined;
    return { ...inputs, ...(end !== undefined && { expireTime: end }) };
}

/** A secret as the API returns it. */
function viewOf(entry: Entry): JsonObject {
    return { name: numbered(entry.id), ...entry.inputs, createTime: entry.createdAt, etag: etagOf(entry) };
}
