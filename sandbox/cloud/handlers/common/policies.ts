import { createHash } from "node:crypto";
import { isJsonObject, type JsonObject, listAt, textOrEmpty } from "../../json";
import type { Ledger } from "../../ledger";
import { ApiError, ensure } from "../../api/api-error";
import { type Binding, bindingsOf, checkBindings, type PolicyRules } from "./policy-bindings";
import type { Resources } from "./resources";
import { maskPaths } from "./update-mask";
import { type Call, type Handler, textOf } from "../../api/service";

/** The policy of a resource before any change. */
const INITIAL: JsonObject = { version: 1, etag: "ACAB" };

/** Storage of a resource type's allow policies. Both functions throw an ApiError if the resource does not exist. */
export interface PolicyHolder {
    /** Returns the policy; undefined before the first change. */
    read(resource: string): JsonObject | undefined;
    write(resource: string, policy: JsonObject): void;
}

/**
 * Stores policies in the ledger entries of their resources.
 * @param find finds a resource, or throws an ApiError. Default: by its name.
 */
export function policiesOf(resources: Resources, find = (name: string) => resources.get(name)): PolicyHolder {
    return {
        read: (resource) => find(resource).policy,
        write: (resource, policy) => resources.put(find(resource), { policy }),
    };
}

/**
 * The methods getIamPolicy, setIamPolicy and testIamPermissions of a resource type.
 * https://cloud.google.com/iam/docs/reference/rest/v1/Policy
 * @param prefix the method IDs up to the last dot
 * @param ledger contains the service accounts, and the clusters, which create identity pools
 * @param rules what the resource type accepts
 */
export function policyMethods(
    prefix: string,
    holder: PolicyHolder,
    ledger: Ledger,
    rules: PolicyRules = {},
): Readonly<Record<string, Handler>> {
    return {
        [`${prefix}.getIamPolicy`]: (call) => holder.read(textOf(call, "resource")) ?? INITIAL,
        [`${prefix}.setIamPolicy`]: (call) => setPolicy(call, holder, ledger, rules),
        [`${prefix}.testIamPermissions`]: ({ parameters, body, granted }) => {
            holder.read(textOf({ parameters }, "resource"));
            const { permissions } = body;
            const held = listAt(permissions).filter((permission) => granted(textOrEmpty(permission)));
            return held.length === 0 ? {} : { permissions: held };
        },
    };
}

function setPolicy(call: Call, holder: PolicyHolder, ledger: Ledger, rules: PolicyRules): JsonObject {
    const resource = textOf(call, "resource");
    const set = changedPolicy(holder.read(resource) ?? INITIAL, call.body, { ledger, resource, rules });
    holder.write(resource, set);
    return set;
}

/**
 * Returns the policy that a request sets.
 * @param request `policy` and, if not all fields change, `updateMask`
 * @param context as in `checkBindings`
 * @throws ApiError if the API rejects it
 */
export function changedPolicy(
    before: JsonObject,
    { policy, updateMask }: JsonObject,
    context: { readonly ledger: Ledger; readonly resource: string; readonly rules: PolicyRules },
): JsonObject {
    ensure(isJsonObject(policy), "Policy must be specified");
    const current = textOrEmpty(before.etag);
    if (policy.etag !== undefined && policy.etag !== current) {
        const etags = `The request's ETag '${textOrEmpty(policy.etag)}' did not match the current policy's ETag '${current}'.`;
        const advice = "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.";
        throw new ApiError("ABORTED", `${advice} ${etags}`);
    }
    const bindings = bindingsOf(policy.bindings);
    checkBindings(bindings, bindingsOf(before.bindings), context);
    const conditional = bindings.some(({ condition }) => condition !== undefined);
    ensure(!conditional || policy.version === 3, "Conditional role bindings require policy version 3");
    const merged = merge(bindings);
    const etag = createHash("sha256")
        .update(`${current}${JSON.stringify(merged)}`)
        .digest("base64")
        .slice(0, 12);
    // Without a mask, audit configurations are not updated.
    const { auditConfigs } = maskPaths(updateMask)?.includes("auditConfigs") === true ? policy : before;
    return {
        version: conditional ? 3 : 1,
        etag,
        ...(merged.length > 0 && { bindings: merged }),
        ...(auditConfigs !== undefined && { auditConfigs }),
    };
}

/** Merges bindings as the API does: one per role and condition, without duplicate members. */
function merge(bindings: readonly Binding[]): readonly JsonObject[] {
    const byKey = new Map<string, Binding>();
    for (const { role, members, condition } of bindings) {
        const key = JSON.stringify([role, condition]);
        const all = [...new Set([...(byKey.get(key)?.members ?? []), ...members])].sort();
        byKey.set(key, { role, members: all, ...(condition !== undefined && { condition }) });
    }
    return [...byKey.values()].filter(({ members }) => members.length > 0).map((binding) => ({ ...binding }));
}
