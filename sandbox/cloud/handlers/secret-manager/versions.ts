import { ApiError, ensure, invalid } from "../../api/api-error";
import { numbered } from "../../api/projects";
import { type Call, type Handler, textOf } from "../../api/service";
import { isJsonList, type JsonObject, type JsonValue, objectAt, textOrEmpty, valueAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { parentOf, shortName } from "../../resource-name";
import { crc32c } from "../common/crc32c";
import { countedPageOf } from "../common/pages";
import { Resources } from "../common/resources";
import { checkEtag, etagOf } from "./secret-rules";

/** Ledger type of secret versions. Their inputs have the value in base64 as `data`; their state is `provisioned.state`. */
export const SECRET_VERSION = "secretmanager.googleapis.com/SecretVersion";

const METHODS = "secretmanager.projects.secrets";
/** https://cloud.google.com/secret-manager/quotas#content_limits */
const MOST_BYTES = 64 * 1024;
/** https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/list */
export const MOST_OF_A_PAGE = 25_000;

const secretOf = (version: string): string => parentOf(parentOf(version));

/** The methods of secret versions. */
export function versionMethods(secrets: Resources, ledger: Ledger) {
    const all = new Resources(ledger, SECRET_VERSION);
    /** The versions of a secret, newest first. */
    const of = (secret: string): readonly Entry[] => [...all.list(`${secret}/versions`)].sort((a, b) => numberOf(b) - numberOf(a));
    const view = (entry: Entry): JsonObject => viewOf(entry, secrets.get(secretOf(entry.id)));
    const find = (call: Call): Entry => {
        const name = textOf(call, "name");
        return findVersion(name, secrets.get(secretOf(name)), of(secretOf(name)));
    };
    const setState = (call: Call, state: "ENABLED" | "DISABLED"): JsonObject => {
        const entry = checkNotDestroyed(find(call));
        checkEtag(call.body.etag, etagOf(entry));
        return view(all.put(entry, { provisioned: { ...entry.provisioned, state, scheduledDestroyTime: undefined } }));
    };

    const handlers: Readonly<Record<string, Handler>> = {
        [`${METHODS}.addVersion`]: (call) => {
            const secret = secrets.get(textOf(call, "parent"));
            const payload = objectAt(call.body.payload);
            const data = checkPayload(payload);
            const next = Math.max(0, ...of(secret.id).map(numberOf)) + 1;
            const checked = payload.dataCrc32c !== undefined;
            return view(all.create(`${secret.id}/versions/${next}`, { data }, { state: "ENABLED", checked }));
        },
        [`${METHODS}.versions.get`]: (call) => view(find(call)),
        [`${METHODS}.versions.list`]: (call) => {
            const entries = of(secrets.get(textOf(call, "parent")).id);
            return countedPageOf("versions", entries.map(view), call.parameters, MOST_OF_A_PAGE);
        },
        [`${METHODS}.versions.access`]: (call) => {
            const entry = find(call);
            if (entry.provisioned.state !== "ENABLED") {
                throw inState(entry);
            }
            const data = textOrEmpty(entry.inputs.data);
            return { name: numbered(entry.id), payload: { data, dataCrc32c: crc32c(Buffer.from(data, "base64")) } };
        },
        [`${METHODS}.versions.enable`]: (call) => setState(call, "ENABLED"),
        [`${METHODS}.versions.disable`]: (call) => setState(call, "DISABLED"),
        [`${METHODS}.versions.destroy`]: (call) => {
            const entry = checkNotDestroyed(find(call));
            checkEtag(call.body.etag, etagOf(entry));
            const delay = secrets.get(secretOf(entry.id)).inputs.versionDestroyTtl;
            if (typeof delay === "string") {
                const scheduledDestroyTime = new Date(Date.now() + Number.parseFloat(delay) * 1000).toISOString();
                return view(all.put(entry, { provisioned: { ...entry.provisioned, state: "DISABLED", scheduledDestroyTime } }));
            }
            const provisioned = { ...entry.provisioned, state: "DESTROYED", destroyTime: new Date().toISOString() };
            return view(all.put(entry, { inputs: {}, provisioned }));
        },
    };
    /** @throws ApiError if an alias names a version that does not exist */
    const checkAliases = (secret: string, aliases: JsonValue | undefined): void => {
        for (const number of Object.values(objectAt(aliases))) {
            if (all.find(`${secret}/versions/${textOrEmpty(number)}`) === undefined) {
                throw invalid(`Secret.version_aliases has version ${textOrEmpty(number)}, which does not exist.`);
            }
        }
    };
    return { handlers, of, checkAliases };
}

/** Finds a version by number, by alias, or the newest one as `latest`. */
function findVersion(name: string, secret: Entry, versions: readonly Entry[]): Entry {
    const asked = shortName(name);
    const number = valueAt(secret.inputs.versionAliases, asked) ?? asked;
    const found = asked === "latest" ? versions[0] : versions.find((entry) => shortName(entry.id) === number);
    ensure(
        found !== undefined,
        asked === "latest"
            ? `Secret [${numbered(secret.id)}] not found or has no versions.`
            : `Secret Version [${numbered(name)}] not found.`,
        "NOT_FOUND",
    );
    return found;
}

function checkPayload({ data, dataCrc32c }: JsonObject): string {
    ensure(typeof data === "string", "Secret Payload cannot be empty.");
    const bytes = Buffer.from(data, "base64");
    ensure(bytes.length <= MOST_BYTES, `Secret Payload must have at most ${MOST_BYTES} bytes, not ${bytes.length}.`);
    if (dataCrc32c !== undefined && dataCrc32c !== crc32c(bytes)) {
        throw invalid("The provided data_crc32c does not match the checksum of the payload.");
    }
    return bytes.toString("base64");
}

function numberOf({ id }: Entry): number {
    return Number(shortName(id));
}

function inState({ id, provisioned }: Entry): ApiError {
    return new ApiError("FAILED_PRECONDITION", `Secret Version [${numbered(id)}] is in ${textOrEmpty(provisioned.state)} state.`);
}

function checkNotDestroyed(entry: Entry): Entry {
    if (entry.provisioned.state === "DESTROYED") {
        throw inState(entry);
    }
    return entry;
}

/** A version as the API returns it. */
function viewOf(entry: Entry, secret: Entry): JsonObject {
    const { id, createdAt, provisioned } = entry;
    const { state, destroyTime, scheduledDestroyTime, checked } = provisioned;
    const replicas = valueAt(secret.inputs, "replication", "userManaged", "replicas");
    return {
        ...{ name: numbered(id), createTime: createdAt, state, etag: etagOf(entry) },
        replicationStatus: isJsonList(replicas)
            ? { userManaged: { replicas: replicas.map((replica) => ({ location: valueAt(replica, "location") ?? "" })) } }
            : { automatic: {} },
        ...(destroyTime !== undefined && { destroyTime }),
        ...(scheduledDestroyTime !== undefined && { scheduledDestroyTime }),
        ...(checked === true && { clientSpecifiedPayloadChecksum: true }),
    };
}
