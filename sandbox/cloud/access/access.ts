import { isJsonList, isJsonObject, type JsonObject, listAt, objectsAt, textOrEmpty } from "../json";
import type { Ledger } from "../ledger";
import { holds, type RequestAttributes } from "./conditions";
import type { Policies, PolicyInEffect } from "./effective-policies";
import type { Identity } from "./identities";
import { roleHas } from "./permissions";

/** Ledger type of custom roles. */
export const CUSTOM_ROLE = "iam.googleapis.com/Role";
/** The principal of a caller without credentials. */
const ANONYMOUS = "allUsers";
const EVERYONE: readonly string[] = [ANONYMOUS, "allAuthenticatedUsers"];

/** Decides what an identity may do, by the allow policies in the ledger. */
export class Access {
    /** @param policies the policies in effect. Default: those in the ledger */
    constructor(
        private readonly ledger: Ledger,
        private readonly policies: Policies = ledger,
    ) {}

    /**
     * Whether a policy of the resource, or of a resource above it, grants the permission.
     * @param attributes its `name` is the resource
     */
    grants({ member, memberOf = [] }: Identity, permission: string, attributes: RequestAttributes): boolean {
        if (member === undefined) {
            return true;
        }
        const names = member === ANONYMOUS ? [member] : [member, ...memberOf, ...EVERYONE];
        return this.policiesAbove(attributes.name)
            .flatMap(({ policy }) => objectsAt(policy?.bindings))
            .some(
                ({ role, members, condition }) =>
                    isJsonList(members) &&
                    members.some((granted) => names.includes(textOrEmpty(granted))) &&
                    this.roleHas(textOrEmpty(role), permission) &&
                    (!isJsonObject(condition) || holds(textOrEmpty(condition.expression), attributes)),
            );
    }

    /** The policies of a resource, its parents and its project. */
    private policiesAbove(name: string): readonly PolicyInEffect[] {
        const names = this.namesOf(name);
        return this.policies
            .list()
            .filter(({ id, policy }) => policy !== undefined && names.some((name) => name === id || name.startsWith(`${id}/`)));
    }

    /** The name of a bucket does not contain its project. */
    private namesOf(name: string): readonly string[] {
        const [, bucket] = /^projects\/_\/buckets\/([^/]+)/.exec(name) ?? [];
        const entry = bucket === undefined ? undefined : this.ledger.get("storage.googleapis.com/Bucket", bucket);
        return entry === undefined ? [name] : [entry.id, `projects/${textOrEmpty(entry.provisioned.project)}`];
    }

    private roleHas(role: string, permission: string): boolean {
        const custom = this.ledger.get(CUSTOM_ROLE, role)?.inputs.includedPermissions;
        return isJsonList(custom) ? custom.includes(permission) : roleHas(role, permission);
    }
}

/** Returns the roles whose bindings differ between two policies. */
export function modifiedRoles(before: JsonObject | undefined, after: JsonObject | undefined): readonly string[] {
    const [was, is] = [bindingsByRole(before), bindingsByRole(after)];
    return [...new Set([...was.keys(), ...is.keys()])].filter((role) => was.get(role) !== is.get(role)).sort();
}

function bindingsByRole(policy: JsonObject | undefined): ReadonlyMap<string, string> {
    const grants = objectsAt(policy?.bindings).flatMap(({ role, members, condition }) =>
        listAt(members).map((member) => [textOrEmpty(role), JSON.stringify([member, condition ?? null])] as const),
    );
    const roles = [...new Set(grants.map(([role]) => role))];
    return new Map(
        roles.map((role) => [
            role,
            grants
                .flatMap(([of, grant]) => (of === role ? [grant] : []))
                .sort()
                .join(),
        ]),
    );
}
