import { memberProblem } from "../../../../gke/iam-members";
import { ApiError, ensure, invalid } from "../../api/api-error";
import { isJsonObject, type JsonObject, type JsonValue, listAt, objectsAt, valueAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { CLUSTER } from "../container/gke";

/** A grant of one role to members. */
export interface Binding {
    readonly role: string;
    readonly members: readonly string[];
    readonly condition?: JsonObject;
}

/** What the policies of a resource type accept, in addition to what all policies accept. */
export interface PolicyRules {
    /** Whether a predefined role, other than a basic one, applies to the resource. Default: every role does. */
    readonly applies?: (role: string) => boolean;
    /** Words the refusal of a member without a known type. */
    readonly untyped?: (member: string) => string;
    /** Whether a person becomes an owner by invitation only. Default: false. */
    readonly invitesOwners?: boolean;
    /** Whether the holders of a basic role of a project can be members, such as `projectEditor:my-project`. Default: false. */
    readonly convenience?: boolean;
}

/** https://cloud.google.com/iam/quotas#limits */
const MOST_MEMBERS = 1500;
/** The predefined roles without a service in their names. https://cloud.google.com/iam/docs/roles-overview#basic */
const BASIC = new Set(["roles/owner", "roles/editor", "roles/viewer", "roles/browser"]);
const ACCOUNT = /^serviceAccount:([a-z][-a-z0-9]{4,28}[a-z0-9]@([a-z][-a-z0-9]{4,28}[a-z0-9])\.iam\.gserviceaccount\.com)$/;

/** Returns the bindings of a policy. */
export function bindingsOf(bindings: JsonValue | undefined): readonly Binding[] {
    return objectsAt(bindings).map(({ role, members, condition }) => ({
        role: typeof role === "string" ? role : "",
        members: listAt(members).map(String),
        ...(isJsonObject(condition) && { condition }),
    }));
}

/**
 * Checks the bindings that a change adds. The API does not check again what a policy already has, such as members whose account was deleted.
 * @param resource resource name, which begins with the project
 * @throws ApiError if IAM would reject one
 */
export function checkBindings(
    bindings: readonly Binding[],
    before: readonly Binding[],
    { ledger, resource, rules }: { readonly ledger: Ledger; readonly resource: string; readonly rules: PolicyRules },
): void {
    const all = bindings.flatMap(({ members }) => members);
    if (all.length > MOST_MEMBERS) {
        const [now, most] = [all.length, MOST_MEMBERS].map((number) => number.toLocaleString("en-US"));
        throw invalid(`The number of members in the policy (${now ?? ""}) is larger than the maximum allowed size ${most ?? ""}.`);
    }
    for (const { role, members, condition } of bindings) {
        const known = before.filter((binding) => binding.role === role).flatMap((binding) => binding.members);
        const added = members.filter((member) => !known.includes(member));
        checkRole(role, condition, rules);
        added.forEach((member) => {
            checkMember(member, ledger, rules);
            checkAccount(member, ledger, resource, all);
        });
        const people = rules.invitesOwners === true && role === "roles/owner" ? added.filter((member) => member.startsWith("user:")) : [];
        if (people.length > 0) {
            throw mustInvite(people);
        }
    }
}

function checkRole(role: string, condition: JsonObject | undefined, { applies = () => true }: PolicyRules): void {
    if (!/^(roles\/[\w.]+|(projects|organizations)\/[^/]+\/roles\/[\w.]+)$/.test(role)) {
        throw invalid(`Role (${role}) does not exist in the resource's hierarchy.`);
    }
    if (role.startsWith("roles/") && !BASIC.has(role) && (!role.includes(".") || !applies(role))) {
        throw invalid(`Role ${role} is not supported for this resource.`);
    }
    ensure(condition === undefined || !BASIC.has(role) || role === "roles/browser", "Conditions can't be set on primitive roles");
}

function checkMember(member: string, ledger: Ledger, rules: PolicyRules): void {
    const { untyped = unknownType, convenience = false } = rules;
    const isRole = convenience && /^project(Owner|Editor|Viewer):./.test(member);
    if (isRole || /^(allUsers|allAuthenticatedUsers|deleted:.+)$/.test(member)) {
        return;
    }
    const [, type = "", principal = ""] = /^(?:(\w+):)?(.*)$/s.exec(member) ?? [];
    if (principal.endsWith("gserviceaccount.com") && ["user", "group"].includes(type)) {
        const help = "See https://cloud.google.com/iam/help/members/types for additional documentation.";
        throw invalid(
            `Principal ${principal} is of type "serviceAccount". The principal should appear as "serviceAccount:${principal}". ${help}`,
        );
    }
    const problem = memberProblem(member);
    if (problem !== undefined) {
        const isTyped = /^(user|group|serviceAccount|domain)$/.test(type);
        throw invalid(isTyped ? `Invalid member '${member}': it ${problem}` : untyped(member));
    }
    checkIdentityPool(member, ledger);
}

/**
 * Checks that a member's identity pool exists. A project's identity pool is created with its first cluster that enables Workload Identity;
 * before that, Google rejects members of the pool.
 */
function checkIdentityPool(member: string, ledger: Ledger): void {
    const pool = /[a-z0-9-]+\.svc\.id\.goog/.exec(member)?.[0];
    const isOfPool = ({ type, inputs }: Entry): boolean =>
        type === CLUSTER && valueAt(inputs, "workloadIdentityConfig", "workloadPool") === pool;
    if (pool !== undefined && !ledger.list().some(isOfPool)) {
        const advice =
            "Please check that you specified a valid resource name as returned in the `name` attribute in the configuration API.";
        throw invalid(`Identity Pool does not exist (${pool}). ${advice}`);
    }
}

/** The service accounts of the policy's own project are all in the ledger. Those of other projects may be outside of the simulated cloud. */
function checkAccount(member: string, ledger: Ledger, resource: string, all: readonly string[]): void {
    const [, email = "", project = ""] = ACCOUNT.exec(member) ?? [];
    const isOwn = email !== "" && resource.replace(/^projects\//, "").split("/")[0] === project;
    if (isOwn && ledger.get("iam.googleapis.com/ServiceAccount", `projects/${project}/serviceAccounts/${email}`) === undefined) {
        const deleted = all.find((other) => other.startsWith(`deleted:${member}?uid=`));
        throw invalid(
            deleted === undefined
                ? `Service account ${email} does not exist.`
                : `Inconsistent representation of deleted member: '${deleted}' and '${member}'.`,
        );
    }
}

function unknownType(member: string): string {
    return `The member ${member} is of an unknown type. Please set a valid type prefix for the member.`;
}

/** https://cloud.google.com/resource-manager/reference/rest/v1/projects/setIamPolicy */
function mustInvite(people: readonly string[]): ApiError {
    const details = people.map((member) => ({
        "@type": "type.googleapis.com/google.cloudresourcemanager.v1.ProjectIamPolicyError",
        ...{ type: "SOLO_MUST_INVITE_OWNERS", member, role: "roles/owner" },
    }));
    return new ApiError("INVALID_ARGUMENT", "Request contains an invalid argument.", details);
}
