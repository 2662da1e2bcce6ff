import { expect } from "chai";
import { MappedProvider, refusal } from "../mapped-provider";

const POLICY = "gcp:binaryauthorization/policy:Policy";
const MODE = { enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG" };
const ALLOW = { ...MODE, evaluationMode: "ALWAYS_ALLOW" };
const policy = {
    project: "p",
    globalPolicyEvaluationMode: "ENABLE",
    admissionWhitelistPatterns: [{ namePattern: "gcr.io/team/*" }],
    clusterAdmissionRules: [{ cluster: "us-central1.ml", ...MODE, evaluationMode: "ALWAYS_DENY" }],
    defaultAdmissionRule: ALLOW,
};

describe("binaryAuthorization", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    const stored = () => gcp.ledger.list()[0]?.inputs;

    it("changes the policy of a project, and restores the default when the resource is deleted", async () => {
        expect((await gcp.create(POLICY, policy)).id).to.equal("projects/p");
        const { project: _, clusterAdmissionRules: __, ...same } = policy;
        expect(stored()).to.deep.equal({
            ...same,
            clusterAdmissionRules: { "us-central1.ml": { ...MODE, evaluationMode: "ALWAYS_DENY" } },
        });
        for (const given of [policy, undefined]) {
            expect((await gcp.read(POLICY, "projects/p", given))?.inputs).to.deep.equal({ ...policy, __defaults: [] });
        }
        await gcp.delete(POLICY, "projects/p", policy);
        expect(stored()).to.deep.equal({ globalPolicyEvaluationMode: "ENABLE", defaultAdmissionRule: ALLOW });
    });

    it("refuses missing attestors in any rule", async () => {
        const attestor = "projects/p/attestors/built-by-cloud-build";
        const required = { ...MODE, evaluationMode: "REQUIRE_ATTESTATION", requireAttestationsBies: [attestor] };
        await gcp.create(POLICY, policy);
        const update = (change: object) => refusal(gcp.update(POLICY, "projects/p", policy, { ...policy, ...change }));
        expect(await update({ defaultAdmissionRule: required })).to.contain(`the attestor ${attestor} does not exist`);
        const rules = [{ cluster: "us-central1.ml", ...required }];
        expect(await update({ clusterAdmissionRules: rules })).to.contain(`the attestor ${attestor} does not exist`);
        await update({ description: "ours" });
        expect(stored()).to.include({ description: "ours" });
    });
});
