import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonObject, listAt, objectsAt } from "../../../cloud/json";
import { type ApiClient, Refusal } from "./api-client";
import type { Current, MappedType } from "./mapped-type";
import { type NameTemplate, required } from "./name-template";

/** Maximum number of attempts to change a policy that is changed concurrently. */
const TRIES = 50;
const PAUSE_MS = 20;

/** A grant of one role to one member, as part of a resource's allow policy. */
export interface MemberType {
    /** Ledger type of the resource. */
    readonly asset: string;
    /** Host and version of the API. */
    readonly api: string;
    /** How to request a policy. The policy version is in the query or in the body. Cloud Storage has paths of its own. */
    readonly read: "GET" | "POST with query" | "POST with body" | "storage";
    /** Resource name, without host and version. */
    readonly resource: NameTemplate;
    /** ID of the resource in the ledger. Default: its resource name. */
    readonly entry?: (resource: string) => string;
    readonly regional?: "location";
    /**
     * Resources that stand in for a missing one, in the order of their creation. Programs grant roles on resources that exist outside of
     * them, which a new sandbox does not have. Default: the grant fails.
     * @param project the provider's project
     */
    readonly standIns?: (resource: string, project: string) => readonly StandIn[];
}

/** A resource that the sandbox creates because a program expects it to exist. */
export interface StandIn {
    /** The resource in messages, such as `bucket models`. */
    readonly what: string;
    /** Path of the POST request that creates it, relative to host and version. */
    readonly path: string;
    readonly body: JsonObject;
}

/** `role`, `member` and, for a conditional grant, `condition`. */
type Grant = JsonObject;

/** Builds the resource type that the provider uses. */
export function iamMemberType(type: MemberType): MappedType {
    const { asset, api, read, resource, entry: entryOf = (name) => name, regional, standIns } = type;
    const policies = new Policies(api, read);
    const id = (inputs: JsonObject): string =>
        [
            ...[resource.fill(inputs), required(inputs, "role"), required(inputs, "member")],
            ...(isJsonObject(inputs.condition) ? [required(inputs.condition, "title")] : []),
        ].join("/");
    const current = (id: string, inputs: JsonObject, { etag }: JsonObject): Current => ({ id, inputs, outputs: { ...inputs, etag } });

    return {
        id,
        ...(regional !== undefined && { regional }),

        async create(client, inputs) {
            const name = resource.fill(inputs);
            if (standIns !== undefined && (await policies.find(client, name)) === undefined) {
                await createStandIns(client, api, standIns(name, client.project));
            }
            const policy = await policies.change(client, name, (bindings) => withGrant(bindings, inputs));
            return current(id(inputs), inputs, policy);
        },

        async read(client, memberId, given) {
            const { name, grants } = parse(memberId);
            const policy = await policies.find(client, name);
            for (const grant of given === undefined ? grants : [given]) {
                const binding = bindingsOf(policy).find((binding) => has(binding, grant));
                if (policy !== undefined && binding !== undefined) {
                    const { role, member } = grant;
                    const inputs = { ...(given ?? resource.parse(name)), role, member, condition: binding.condition };
                    return current(memberId, inputs, policy);
                }
            }
            return undefined;
        },

        update() {
            return Promise.reject(new Error("every change of a grant replaces it"));
        },

        async delete(client, memberId, inputs) {
            const { name } = parse(memberId);
            if ((await policies.find(client, name)) !== undefined) {
                await policies.change(client, name, (bindings) => withoutGrant(bindings, inputs));
            }
        },

        findIn(ledger, inputs) {
            const entry = ledger.find((entry) => entry.type === asset && entry.id === entryOf(resource.fill(inputs)));
            return bindingsOf(entry?.policy).some((binding) => has(binding, inputs)) ? id(inputs) : undefined;
        },
    };
}

/** Creates the resources that a program expects. One that another request creates at the same time is accepted. */
export async function createStandIns(client: ApiClient, api: string, standIns: readonly StandIn[]): Promise<void> {
    for (const { what, path, body } of standIns) {
        try {
            await client.call("POST", `${api}/${path}`, body);
            client.note(`the sandbox created ${what}, which the program expects to exist`);
        } catch (error) {
            if (!(error instanceof Refusal) || error.code !== 409) {
                throw error;
            }
        }
    }
}

/**
 * Parses an ID into the resource name and the possible grants. The grant is ambiguous, because a member may contain slashes and a
 * condition's title follows after one.
 */
function parse(id: string): { readonly name: string; readonly grants: readonly Grant[] } {
    const [, name = "", role = "", rest = ""] = /^(.*?)\/((?:(?:projects|organizations)\/[^/]+\/)?roles\/[^/]+)\/(.+)$/.exec(id) ?? [];
    const end = rest.lastIndexOf("/");
    const titled = { role, member: rest.slice(0, Math.max(end, 0)), condition: { title: rest.slice(end + 1) } };
    return { name, grants: [{ role, member: rest }, titled] };
}

/** Requests for a policy: what follows the resource name, and the body. */
const READS: Readonly<Record<MemberType["read"], { readonly method: string; readonly suffix: string; readonly body?: JsonObject }>> = {
    GET: { method: "GET", suffix: ":getIamPolicy?options.requestedPolicyVersion=3" },
    "POST with query": { method: "POST", suffix: ":getIamPolicy?options.requestedPolicyVersion=3" },
    "POST with body": { method: "POST", suffix: ":getIamPolicy", body: { options: { requestedPolicyVersion: 3 } } },
    storage: { method: "GET", suffix: "/iam?optionsRequestedPolicyVersion=3" },
};

/** The allow policies of an API's resources. */
class Policies {
    constructor(
        private readonly api: string,
        private readonly how: MemberType["read"],
    ) {}

    /** Reads the policy; undefined if the resource does not exist. */
    find(client: ApiClient, resource: string): Promise<JsonObject | undefined> {
        return client.find(...this.request(resource));
    }

    /** Reads, changes and writes a policy. Retries if the policy was changed concurrently. */
    async change(
        client: ApiClient,
        resource: string,
        edit: (bindings: readonly JsonObject[]) => readonly JsonObject[],
    ): Promise<JsonObject> {
        for (let tried = 1; ; tried++) {
            const policy = await client.call(...this.request(resource));
            const bindings = edit(bindingsOf(policy));
            try {
                const changed = { version: 3, etag: policy.etag, bindings };
                return await (this.how === "storage"
                    ? client.call("PUT", `${this.api}/${resource}/iam`, changed)
                    : client.call("POST", `${this.api}/${resource}:setIamPolicy`, { policy: changed }));
            } catch (error) {
                // 412 in Cloud Storage.
                if (!(error instanceof Refusal) || ![409, 412].includes(error.code) || tried === TRIES) {
                    throw error;
                }
                await delay(PAUSE_MS * Math.random() * tried);
            }
        }
    }

    /** The request for a policy. */
    private request(resource: string): Parameters<ApiClient["call"]> {
        const { method, suffix, body } = READS[this.how];
        return [method, `${this.api}/${resource}${suffix}`, body];
    }
}

function bindingsOf(policy: JsonObject | undefined): readonly JsonObject[] {
    return objectsAt(policy?.bindings);
}

function membersOf({ members }: JsonObject): readonly unknown[] {
    return listAt(members);
}

function isOf(binding: JsonObject, { role, condition }: Grant): boolean {
    return binding.role === role && isDeepStrictEqual(binding.condition, condition);
}

/** Whether a binding contains a grant. An imported grant only has the title of its condition. */
function has(binding: JsonObject, grant: Grant): boolean {
    const title = isJsonObject(grant.condition) ? grant.condition.title : undefined;
    const titled = isJsonObject(binding.condition) ? binding.condition.title : undefined;
    return binding.role === grant.role && title === titled && membersOf(binding).includes(grant.member);
}

function withGrant(bindings: readonly JsonObject[], grant: Grant): readonly JsonObject[] {
    const { role, member = "", condition } = grant;
    const same = bindings.find((binding) => isOf(binding, grant));
    const members = [...new Set([...membersOf(same ?? {}), member])] as readonly string[];
    const binding = { role, members, ...(condition !== undefined && { condition }) };
    return [...bindings.filter((other) => other !== same), binding];
}

function withoutGrant(bindings: readonly JsonObject[], grant: Grant): readonly JsonObject[] {
    return bindings.map((binding) =>
        isOf(binding, grant)
            ? { ...binding, members: membersOf(binding).filter((member) => member !== grant.member) as readonly string[] }
            : binding,
    );
}
