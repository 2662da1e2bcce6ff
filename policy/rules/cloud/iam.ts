import { typeRule } from "../../inputs";
import { resourcePolicy, type Finding, type Resource, type RuleText } from "../../rule";

/** One role and its members. */
export interface Grant {
    readonly role: string;
    readonly members: readonly string[];
}

/** The provider's three ways to grant a role: one member, all members of a role, a whole policy. */
const GRANTING_TYPE = /^gcp:.*(Iam|IAM)(Member|Binding|Policy)$/;

const EVERYONE: readonly string[] = ["allUsers", "allAuthenticatedUsers"];
const PRIMITIVE_ROLES: readonly string[] = ["roles/owner", "roles/editor"];

export function notPublic({ role, members }: Grant): Finding {
    const everyone = members.filter((member) => EVERYONE.includes(member));
    return everyone.length === 0 ? undefined : `${everyone.join(" and ")} get ${role}.`;
}

export function notPrimitive({ role, members }: Grant): Finding {
    return PRIMITIVE_ROLES.includes(role)
        ? `${members.join(", ")} gets ${role}, which grants nearly every permission in the project.`
        : undefined;
}

function grants({ type, props }: Resource): Grant[] {
    if (!GRANTING_TYPE.test(type)) {
        return [];
    }
    const { role, member, members, policyData } = props as { role?: string; member?: string; members?: string[]; policyData?: string };
    if (policyData !== undefined) {
        const { bindings } = JSON.parse(policyData) as { bindings?: { role: string; members?: string[] }[] };
        return (bindings ?? []).map((binding) => ({ role: binding.role, members: binding.members ?? [] }));
    }
    return [{ role: role ?? "", members: members ?? (member === undefined ? [] : [member]) }];
}

function grantRule(rule: RuleText & { readonly check: (grant: Grant) => Finding }) {
    return resourcePolicy<Grant>({ ...rule, subjects: grants });
}

export const iamPolicies = [
    grantRule({
        name: "no-public-access",
        description: "Nothing is granted to everyone.",
        remedy: "Name the accounts or the group that need the role.",
        check: notPublic,
    }),
    grantRule({
        name: "no-primitive-role",
        description: "Nobody is granted the role owner or editor.",
        remedy: "Grant a predefined role with the permissions that are needed.",
        check: notPrimitive,
    }),
    typeRule("gcp:serviceaccount/key:Key", {
        name: "no-service-account-key",
        description: "Service accounts have no keys.",
        remedy: "Use Workload Identity in the cluster, and Workload Identity Federation outside Google Cloud.",
        check: () => "Anyone who has the key can use the account until the key is deleted.",
    }),
];
