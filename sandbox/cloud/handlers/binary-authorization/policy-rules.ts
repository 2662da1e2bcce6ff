import { GOOGLE_NAMES } from "../../../../gke/names";
import { ensure, invalid } from "../../api/api-error";
import { isJsonObject, type JsonObject, type JsonValue, listAt, objectAt, objectsAt, textOrEmpty } from "../../json";

/** Policy of a project that has set none. https://cloud.google.com/binary-authorization/docs/configuring-policy-cli */
export const DEFAULT_POLICY: JsonObject = {
    globalPolicyEvaluationMode: "ENABLE",
    defaultAdmissionRule: { evaluationMode: "ALWAYS_ALLOW", enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG" },
};

/** Rules that the sandbox does not evaluate. */
const NOT_SIMULATED = [
    "istioServiceIdentityAdmissionRules",
    "kubernetesNamespaceAdmissionRules",
    "kubernetesServiceAccountAdmissionRules",
] as const;

const CLUSTER = /^[a-z0-9-]+\.[a-z][-a-z0-9]{0,39}$/;

/** What a policy may refer to. */
export interface Attestors {
    readonly exists: (name: string) => boolean;
    /** Whether the caller may read an attestor. */
    readonly isReadable: (name: string) => boolean;
}

/**
 * Checks a policy by the documentation of its fields. https://cloud.google.com/binary-authorization/docs/reference/rest/v1/Policy
 * @throws ApiError if Binary Authorization would reject it
 */
export function checkPolicy(policy: JsonObject, attestors: Attestors): void {
    const unknown = NOT_SIMULATED.find((field) => policy[field] !== undefined);
    if (unknown !== undefined) {
        throw invalid(`The sandbox does not simulate ${unknown}.`);
    }
    for (const pattern of patternsOf(policy)) {
        ensure(GOOGLE_NAMES.exemptImages.test(pattern), `Invalid admission_whitelist_patterns.name_pattern: "${pattern}"`);
    }
    checkRule("default_admission_rule", policy.defaultAdmissionRule, attestors);
    for (const [cluster, rule] of Object.entries(objectAt(policy.clusterAdmissionRules))) {
        ensure(CLUSTER.test(cluster), `Invalid cluster_admission_rules key "${cluster}": it must have the form location.clusterId`);
        checkRule(`cluster_admission_rules[${cluster}]`, rule, attestors);
    }
}

/** Returns the patterns of images that a policy exempts. */
export function patternsOf({ admissionWhitelistPatterns: patterns }: JsonObject): readonly string[] {
    return objectsAt(patterns).map(({ namePattern }) => textOrEmpty(namePattern));
}

/** Returns the attestors that a rule requires. */
export function attestorsOf({ requireAttestationsBy: attestors }: JsonObject): readonly string[] {
    return listAt(attestors).map(textOrEmpty);
}

function checkRule(field: string, rule: JsonValue | undefined, { exists, isReadable }: Attestors): void {
    ensure(isJsonObject(rule), `${field} must be set`);
    for (const name of ["evaluationMode", "enforcementMode"] as const) {
        if (/^(|[A-Z_]*_UNSPECIFIED)$/.test(textOrEmpty(rule[name]))) {
            throw invalid(`${field}.${name === "evaluationMode" ? "evaluation_mode" : "enforcement_mode"} must be set`);
        }
    }
    const attestors = attestorsOf(rule);
    const isRequired = rule.evaluationMode === "REQUIRE_ATTESTATION";
    ensure(
        isRequired === attestors.length > 0,
        isRequired
            ? `${field}: evaluation mode requires at least one require_attestations_by`
            : `${field}: require_attestations_by must be empty unless the evaluation mode is REQUIRE_ATTESTATION`,
    );
    for (const attestor of attestors) {
        ensure(
            isReadable(attestor),
            `Permission 'binaryauthorization.attestors.get' denied on resource '${attestor}' (or it may not exist).`,
            "PERMISSION_DENIED",
        );
        ensure(exists(attestor), `${field}: the attestor ${attestor} does not exist`);
    }
}
