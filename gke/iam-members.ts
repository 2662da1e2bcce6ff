/** Forms of members of allow policies. Source: https://cloud.google.com/iam/docs/principal-identifiers#v1 */
const SOURCE = "https://cloud.google.com/iam/docs/principal-identifiers";

const LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
const DOMAIN = `(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]*[a-z0-9])`;
const EMAIL = `[^@\\s:,/]+@${DOMAIN}`;

/** Service accounts of projects, Google's service agents, and Kubernetes service accounts through Workload Identity. */
const SERVICE_ACCOUNT = `[a-z0-9][a-z0-9-]*@(?:${LABEL}\\.)+gserviceaccount\\.com|[a-z0-9.:-]+\\.svc\\.id\\.goog\\[${LABEL}/[a-z0-9.-]+\\]`;

const WORKLOAD_POOL = "iam\\.googleapis\\.com/projects/\\d+/locations/global/workloadIdentityPools/[a-z0-9.:-]+";
const WORKFORCE_POOL = "iam\\.googleapis\\.com/locations/global/workforcePools/[a-z0-9-]+";
const IN_POOL = "(?:\\*|group/\\S+|attribute\\.[A-Za-z0-9_]+/\\S+|namespace/\\S+|kubernetes\\.\\S+/\\S+)";

/** Hosts of resource identities. `goog` is for deny policies only. */
const OTHER_HOST = "(?!iam\\.googleapis\\.com|cloudresourcemanager\\.googleapis\\.com|goog/)[a-z0-9.-]+\\.[a-z0-9.-]+/\\S+";

/** A kind of member: the form of the part after its colon, and an example for messages. */
interface Form {
    readonly pattern: RegExp;
    readonly example: string;
}

const FORMS: Readonly<Record<string, Form>> = {
    user: { pattern: new RegExp(`^${EMAIL}$`, "i"), example: "user:ann@example.com" },
    group: { pattern: new RegExp(`^${EMAIL}$`, "i"), example: "group:ml@example.com" },
    serviceAccount: { pattern: new RegExp(`^(?:${SERVICE_ACCOUNT})$`), example: "serviceAccount:ci@my-project.iam.gserviceaccount.com" },
    domain: { pattern: new RegExp(`^${DOMAIN}$`, "i"), example: "domain:example.com" },
    principal: {
        pattern: new RegExp(`^//(?:(?:${WORKLOAD_POOL}|${WORKFORCE_POOL})/subject/\\S+|${OTHER_HOST})$`),
        example: "principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/my-pool/subject/my-subject",
    },
    principalSet: {
        pattern: new RegExp(
            `^//(?:(?:${WORKLOAD_POOL}|${WORKFORCE_POOL})/${IN_POOL}|cloudresourcemanager\\.googleapis\\.com/(?:projects|folders|organizations)/\\d+/type/Service(?:Account|Agent)|${OTHER_HOST})$`,
        ),
        example:
            "principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/my-pool/attribute.repository/my-organization/my-repository",
    },
};

/** Members that mean everyone, with or without a Google account. */
const EVERYBODY = ["allUsers", "allAuthenticatedUsers"];

/** The problem of a member of an allow policy; undefined if IAM accepts its form. */
export function memberProblem(member: string): string | undefined {
    if (EVERYBODY.includes(member)) {
        return "would give access to everyone on the internet; it must be a user, group or service account";
    }
    const [kind = "", rest = ""] = member.split(/:(.*)/s);
    if (["user", "group"].includes(kind) && rest.endsWith("gserviceaccount.com")) {
        return `must be serviceAccount:${rest}, because the address is one of a service account`;
    }
    const form = Object.hasOwn(FORMS, kind) ? FORMS[kind] : undefined;
    if (form === undefined) {
        return `must be an IAM member such as ${FORMS.serviceAccount?.example ?? ""} (${SOURCE})`;
    }
    return form.pattern.test(rest) ? undefined : `must be a ${kind} as IAM writes it, such as ${form.example}`;
}
