import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/secretmanager.v1.json";
import { SECRET, secretInputs } from "../../../../cloud/handlers/secret-manager/secrets";
import { SECRET_VERSION } from "../../../../cloud/handlers/secret-manager/versions";
import { type JsonObject, textAt, textOrEmpty } from "../../../../cloud/json";
import { parentOf, shortName } from "../../../../cloud/resource-name";
import type { ApiClient } from "../api-client";
import { iamMemberType } from "../iam-member";
import type { Current, MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { createIn, restType } from "../rest-type";

const API = "secretmanager.googleapis.com/v1";
const TOKEN = "gcp:secretmanager/secret:Secret";

const NAME = nameTemplate("projects/{project}/secrets/{secretId}");
/** The secret of a version. */
const PARENT = nameTemplate("projects/{project}/secrets/{secret}");

async function setEnabled(client: ApiClient, name: string, { enabled = true }: JsonObject): Promise<void> {
    await client.call("POST", `${API}/${name}:${enabled === false ? "disable" : "enable"}`, {});
}

async function read(client: ApiClient, name: string, given: JsonObject): Promise<Current | undefined> {
    const version = await client.find("GET", `${API}/${name}`);
    // The official provider takes a destroyed version for deleted.
    if (version === undefined || version.state === "DESTROYED") {
        return undefined;
    }
    const isEnabled = version.state === "ENABLED";
    const enabled = given.enabled === undefined && isEnabled ? undefined : isEnabled;
    const inputs = { ...given, enabled, ...(isEnabled && (await value(client, name, given))) };
    const id = textOrEmpty(version.name);
    const times = { createTime: version.createTime, destroyTime: version.destroyTime ?? "" };
    return { id, inputs, outputs: { ...inputs, ...times, enabled: isEnabled, name: id, version: shortName(id) } };
}

async function value(client: ApiClient, name: string, given: JsonObject): Promise<JsonObject> {
    const data = textAt(await client.call("GET", `${API}/${name}:access`), "payload", "data");
    // A write-only value is not part of the state.
    return given.secretDataWo !== undefined ? {} : { secretData: given.isSecretDataBase64 === true ? data : fromBase64(data) };
}

async function existing(client: ApiClient, name: string, given: JsonObject): Promise<Current> {
    const found = await read(client, name, given);
    if (found === undefined) {
        throw new Error(`secret version ${name} was destroyed`);
    }
    return found;
}

/** Secret versions. The API numbers them, so their IDs are only known after their creation. */
const secretVersion: MappedType = {
    id: (inputs) => `${PARENT.fill(inputs)}/versions/latest`,
    defaults: { enabled: true, isSecretDataBase64: false, deletionPolicy: "DELETE" },

    async create(client, inputs) {
        const body = { payload: { data: dataOf(inputs) } };
        const { name } = await client.call("POST", `${API}/${PARENT.fill(inputs)}:addVersion`, body);
        await setEnabled(client, textOrEmpty(name), inputs);
        return existing(client, textOrEmpty(name), inputs);
    },

    read: (client, name, given) => read(client, name, given ?? { secret: name.replace(/\/versions\/[^/]+$/, "") }),

    async update(client, name, inputs) {
        await setEnabled(client, name, inputs);
        return existing(client, name, inputs);
    },

    async delete(client, name, { deletionPolicy, ...given }) {
        const version = deletionPolicy === "ABANDON" ? undefined : await client.find("GET", `${API}/${name}`);
        if (version !== undefined && version.state !== "DESTROYED") {
            await (deletionPolicy === "DISABLE"
                ? setEnabled(client, name, { ...given, enabled: false })
                : client.call("POST", `${API}/${name}:destroy`, {}));
        }
    },

    findIn(ledger, inputs) {
        const prefix = `${PARENT.fill(inputs)}/versions/`;
        return ledger.findLast(
            (entry) => entry.type === SECRET_VERSION && entry.id.startsWith(prefix) && entry.inputs.data === dataOf(inputs),
        )?.id;
    },
};

/** Secret Manager types, by token. */
export const secretManager: Readonly<Record<string, MappedType>> = {
    [TOKEN]: restType({
        ...{ token: TOKEN, asset: SECRET, document: document as Document, api: API, schema: "Secret" },
        id: NAME,
        createRequest: createIn("secretId"),
        kept: secretInputs,
        name: { property: "secretId", maxLength: 255, pattern: /^[a-zA-Z0-9_-]{1,255}$/, rule: "letters, digits, underscores and hyphens" },
        notInBody: ["project", "secretId", "deletionPolicy", "deletionProtection", "tags"],
        inputOnly: ["ttl"],
        shape: { renamed: { "replication.auto": "automatic" } },
        defaults: { deletionProtection: false },
        optionalComputed: ["expireTime"],
        computed: ({ annotations }) => ({ effectiveAnnotations: annotations ?? {} }),
    }),
    "gcp:secretmanager/secretVersion:SecretVersion": secretVersion,
    "gcp:secretmanager/secretIamMember:SecretIamMember": iamMemberType({
        ...{ asset: SECRET, api: API, read: "GET" },
        resource: NAME,
        standIns: (name) => {
            const path = `${parentOf(name)}?secretId=${shortName(name)}`;
            return [{ what: `secret ${name}`, path, body: { replication: { automatic: {} } } }];
        },
    }),
};

/** The value in base64. */
function dataOf({ secretData, secretDataWo, isSecretDataBase64 }: JsonObject): string {
    const text = textOrEmpty(secretData ?? secretDataWo);
    return isSecretDataBase64 === true ? text : Buffer.from(text).toString("base64");
}

function fromBase64(data: string): string {
    return Buffer.from(data, "base64").toString();
}
