import { isJsonObject, type JsonObject } from "../../json";
import { attestorsOf, patternsOf } from "./policy-rules";

/**
 * Images that Google's own policy exempts. Google does not publish the complete list; these are the ones that its documentation names for a policy
 * without it. https://cloud.google.com/binary-authorization/docs/configuring-policy-cli
 */
const SYSTEM_IMAGES = [
    ...["gcr.io/google_containers/**", "gcr.io/google-containers/**", "k8s.gcr.io/**", "gke.gcr.io/**", "gcr.io/gke-release/**"],
    "gcr.io/stackdriver-agents/**",
];

/** What a policy is evaluated for. */
export interface Evaluated {
    /** Key of the cluster in the policy: `location.name`. */
    readonly cluster: string;
    /** Returns why an attestor does not vouch for an image; undefined if it does. */
    readonly problemOf: (digest: string, attestor: string) => string | undefined;
}

/**
 * Evaluates a policy for an image. https://cloud.google.com/binary-authorization/docs/key-concepts#policy_evaluation
 * @param image as the pod names it
 * @returns the reason of a refusal in Google's words; undefined if the image is admitted
 */
export function denialOf(policy: JsonObject, image: string, { cluster, problemOf }: Evaluated): string | undefined {
    const exempt = [...(policy.globalPolicyEvaluationMode === "ENABLE" ? SYSTEM_IMAGES : []), ...patternsOf(policy)];
    if (exempt.some((pattern) => matches(pattern, image))) {
        return undefined;
    }
    const own = isJsonObject(policy.clusterAdmissionRules) ? policy.clusterAdmissionRules[cluster] : undefined;
    const rule = isJsonObject(own) ? own : (policy.defaultAdmissionRule as JsonObject);
    const reason = reasonOf(rule, image, problemOf);
    if (reason === undefined || rule.enforcementMode === "DRYRUN_AUDIT_LOG_ONLY") {
        return undefined;
    }
    const name = isJsonObject(own) ? `cluster admission rule for ${cluster}` : "default admission rule";
    return `Image ${image} denied by Binary Authorization ${name}. ${reason}`;
}

function reasonOf(rule: JsonObject, image: string, problemOf: Evaluated["problemOf"]): string | undefined {
    if (rule.evaluationMode !== "REQUIRE_ATTESTATION") {
        return rule.evaluationMode === "ALWAYS_DENY" ? "Denied by always_deny admission rule" : undefined;
    }
    const [, digest] = /@(sha256:[0-9a-f]{64})$/.exec(image) ?? [];
    for (const attestor of attestorsOf(rule)) {
        const problem =
            digest === undefined ? "Expected digest with sha256 scheme, but got tag or malformed digest" : problemOf(digest, attestor);
        if (problem !== undefined) {
            return `Image ${image} denied by attestor ${attestor}: ${problem}`;
        }
    }
    return undefined;
}

/** `*` matches any text without a slash, `**` any text. https://cloud.google.com/binary-authorization/docs/policy-yaml-reference#admissionwhitelistpatterns */
function matches(pattern: string, image: string): boolean {
    const beginning = pattern.replace(/\*+$/, "");
    if (beginning === pattern) {
        return image === pattern;
    }
    return image.startsWith(beginning) && (pattern.endsWith("**") || !image.slice(beginning.length).includes("/"));
}
