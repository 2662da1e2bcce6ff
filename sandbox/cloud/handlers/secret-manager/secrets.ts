import { ApiError, ensure } from "../../api/api-error";
import { numbered } from "../../api/projects";
import { apiService, type ApiService, type Call } from "../../api/service";
import document from "../../discovery/documents/secretmanager.v1.json";
import type { JsonObject } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { collectionMethods } from "../common/collection";
import { policiesOf, policyMethods } from "../common/policies";
import { Resources } from "../common/resources";
import { applyMask, maskPaths } from "../common/update-mask";
import { locationMethods } from "../locations";
import { checkEtag, checkSecret, checkSecretId, etagOf } from "./secret-rules";
import { MOST_OF_A_PAGE, versionMethods } from "./versions";

/** Ledger type of secrets. */
export const SECRET = "secretmanager.googleapis.com/Secret";

const METHODS = "secretmanager.projects.secrets";

/** Secret Manager v1: secrets, their versions and their allow policies. The ledger keeps the values without encryption. */
export function secrets(ledger: Ledger): ApiService {
    const all = new Resources(ledger, SECRET, (name) => new ApiError("NOT_FOUND", `Secret [${numbered(name)}] not found.`));
    const versions = versionMethods(all, ledger);

    const handlers: ApiService["handlers"] = {
        ...locationMethods("secretmanager.projects.locations", []),
        ...collectionMethods({
            ...{ document, prefix: METHODS, resources: all, schema: "Secret", mostOfAPage: MOST_OF_A_PAGE, isCounted: true, view: viewOf },
            ...{ idParameter: "secretId", checkId: checkSecretId, inputs: secretInputs, patch: patched },
            exists: (name) => new ApiError("ALREADY_EXISTS", `Secret [${numbered(name)}] already exists.`),
            check: (name, inputs) => {
                ensure(Object.keys(inputs).length !== 0, "Secret must be provided.");
                checkSecret(inputs);
                const isNew = all.find(name) === undefined;
                ensure(inputs.versionAliases === undefined || !isNew, "Secret.version_aliases cannot be set on a secret without versions.");
                versions.checkAliases(name, inputs.versionAliases);
            },
            remove: (entry, { parameters }) => {
                checkEtag(parameters.etag, etagOf(entry));
                ledger.remove(versions.of(entry.id));
            },
        }),
        ...versions.handlers,
        ...policyMethods(METHODS, policiesOf(all), ledger),
    };
    // 0 is the checksum of no data.
    return apiService(document, handlers, { keepsDefaults: ["dataCrc32c"] });
}

function patched(entry: Entry, { body, parameters }: Call): JsonObject {
    const paths = maskPaths(parameters.updateMask);
    ensure(paths !== undefined, "The update_mask must be specified.");
    const isFixed = (path: string): boolean => path.split(".")[0] === "replication" && !path.includes("customerManagedEncryption");
    ensure(!paths.some(isFixed), "Secret.replication cannot be updated.");
    checkEtag(body.etag, etagOf(entry));
    // A time to live sets the time at which it ends.
    const fields = paths.map((path) => (path === "ttl" ? "expireTime" : path));
    return applyMask(entry.inputs, secretInputs(body), fields, document.schemas.Secret.properties);
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
