import { expect } from "chai";
import { denialOf } from "../../../../cloud/handlers/binary-authorization/evaluation";

const ATTESTOR = "projects/p/attestors/built-by-cloud-build";
const OTHER = "projects/p/attestors/tested";
const DIGEST = `sha256:${"a".repeat(64)}`;
const IMAGE = `us-docker.pkg.dev/p/ml/train@${DIGEST}`;
const BLOCK = { enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG" };
const REQUIRED = { ...BLOCK, evaluationMode: "REQUIRE_ATTESTATION", requireAttestationsBy: [ATTESTOR] };

const denial = (policy: object, image = IMAGE, attested: readonly string[] = []): string | undefined =>
    denialOf({ defaultAdmissionRule: REQUIRED, ...policy }, image, {
        cluster: "us-central1.ml",
        problemOf: (digest, attestor) => (attested.includes(`${attestor} ${digest}`) ? undefined : "not attested"),
    });

describe("denialOf", () => {
    it("admits a digest that every attestor has attested", () => {
        expect(denial({}, IMAGE, [`${ATTESTOR} ${DIGEST}`])).to.equal(undefined);
        const both = { defaultAdmissionRule: { ...REQUIRED, requireAttestationsBy: [ATTESTOR, OTHER] } };
        expect(denial(both, IMAGE, [`${ATTESTOR} ${DIGEST}`])).to.contain(`denied by attestor ${OTHER}: not attested`);
        expect(denial(both, IMAGE, [`${ATTESTOR} ${DIGEST}`, `${OTHER} ${DIGEST}`])).to.equal(undefined);
    });

    it("refuses an image without an attestation, and a tag, in Google's words", () => {
        expect(denial({})).to.equal(
            `Image ${IMAGE} denied by Binary Authorization default admission rule. Image ${IMAGE} denied by attestor ${ATTESTOR}: not attested`,
        );
        expect(denial({}, "nginx")).to.equal(
            `Image nginx denied by Binary Authorization default admission rule. Image nginx denied by attestor ${ATTESTOR}: Expected digest with sha256 scheme, but got tag or malformed digest`,
        );
    });

    it("applies the modes ALWAYS_ALLOW and ALWAYS_DENY", () => {
        const rule = (evaluationMode: string) => ({ defaultAdmissionRule: { ...BLOCK, evaluationMode } });
        expect(denial(rule("ALWAYS_ALLOW"))).to.equal(undefined);
        expect(denial(rule("ALWAYS_DENY"))).to.equal(
            `Image ${IMAGE} denied by Binary Authorization default admission rule. Denied by always_deny admission rule`,
        );
    });

    it("prefers the rule of the cluster to the default rule", () => {
        const clusters = (key: string) => ({ clusterAdmissionRules: { [key]: { ...BLOCK, evaluationMode: "ALWAYS_DENY" } } });
        expect(denial(clusters("us-central1.ml"), IMAGE, [`${ATTESTOR} ${DIGEST}`])).to.contain(
            "denied by Binary Authorization cluster admission rule for us-central1.ml. Denied by always_deny",
        );
        expect(denial(clusters("us-central1.other"), IMAGE, [`${ATTESTOR} ${DIGEST}`])).to.equal(undefined);
    });

    it("blocks nothing in a dry run", () => {
        expect(denial({ defaultAdmissionRule: { ...REQUIRED, enforcementMode: "DRYRUN_AUDIT_LOG_ONLY" } })).to.equal(undefined);
    });

    it("exempts Google's system images only if the policy says so", () => {
        const system = "gke.gcr.io/gcs-fuse-csi-driver-sidecar-mounter:v1";
        expect(denial({ globalPolicyEvaluationMode: "ENABLE" }, system)).to.equal(undefined);
        expect(denial({ globalPolicyEvaluationMode: "DISABLE" }, system)).to.contain("denied by");
        expect(denial({ globalPolicyEvaluationMode: "ENABLE" }, "gke.gcr.io.example.com/a")).to.contain("denied by");
    });

    it("exempts images by patterns, in which one asterisk does not match a slash", () => {
        for (const [pattern, image, isExempt] of [
            ["registry.k8s.io/kueue/kueue:v0.17.0", "registry.k8s.io/kueue/kueue:v0.17.0", true],
            ["registry.k8s.io/kueue/kueue:v0.17.0", "registry.k8s.io/kueue/kueue:v0.17.01", false],
            ["gcr.io/team/*", "gcr.io/team/app:1", true],
            ["gcr.io/team/*", "gcr.io/team/tools/app:1", false],
            ["gcr.io/team/**", "gcr.io/team/tools/app:1", true],
            ["gcr.io/team/**", "gcr.io/teams/app:1", false],
        ] as const) {
            const found = denial({ admissionWhitelistPatterns: [{ namePattern: pattern }] }, image);
            expect(found === undefined, `${pattern} ${image}`).to.equal(isExempt);
        }
    });
});
