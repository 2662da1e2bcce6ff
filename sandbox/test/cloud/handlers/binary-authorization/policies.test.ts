import { expect } from "chai";
import type { JsonObject } from "../../../../cloud/json";
import { ApiUnderTest } from "../../test-api";

const V1 = "binaryauthorization.googleapis.com/v1/projects";
const CLUSTERS = "container.googleapis.com/v1/projects/q/locations/us-central1/clusters";
const ATTESTOR = "projects/p/attestors/built-by-cloud-build";
const DIGEST = `sha256:${"a".repeat(64)}`;
const IMAGE = `us-docker.pkg.dev/p/ml/train@${DIGEST}`;
const ALLOW = { evaluationMode: "ALWAYS_ALLOW", enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG" };
const REQUIRE = { ...ALLOW, evaluationMode: "REQUIRE_ATTESTATION", requireAttestationsBy: [ATTESTOR] };
const BUILD: JsonObject = {
    ...{ projectId: "p", status: "SUCCESS", options: { requestedVerifyOption: "VERIFIED" } },
    results: { images: [{ name: "us-docker.pkg.dev/p/ml/train:1", digest: DIGEST }] },
};
const NOT_ATTESTED = `Image ${IMAGE} denied by Binary Authorization default admission rule. Image ${IMAGE} denied by attestor ${ATTESTOR}: No attestations found that were valid and signed by a key trusted by the attestor`;

describe("Binary Authorization", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const update = (rule: object, more: object = {}, project = "p") =>
        api.refusal("PUT", `${V1}/${project}/policy`, { defaultAdmissionRule: rule, ...more });
    const attestors = async (project = "p") =>
        ((await api.call("GET", `${V1}/${project}/attestors`)).body.attestors ?? []) as { name: string }[];

    it("has a policy for every project, which admits all images until it is changed", async () => {
        const { body } = await api.call("GET", `${V1}/p/policy`);
        expect(body).to.deep.include({ name: "projects/p/policy", globalPolicyEvaluationMode: "ENABLE", defaultAdmissionRule: ALLOW });
        const { body: changed } = await api.call("PUT", `${V1}/p/policy`, { ...body, description: "ours" });
        expect(changed).to.include({ description: "ours" }).and.to.have.property("updateTime");
        expect((await api.call("GET", `${V1}/p/policy`)).body).to.deep.equal(changed);
        expect(await update(ALLOW, { etag: body.etag })).to.match(/^409 ABORTED/);
    });

    it("has Cloud Build's attestor after the first verified build of images", async () => {
        expect(await attestors()).to.deep.equal([]);
        api.builds.push({ ...BUILD, status: "FAILURE" }, { ...BUILD, options: {} }, { ...BUILD, results: { images: [] } });
        expect(await attestors()).to.deep.equal([]);
        expect(await api.refusal("GET", `${V1}/p/attestors/built-by-cloud-build`)).to.match(/^404/);
        api.builds.push(BUILD);
        expect((await attestors()).map(({ name }) => name)).to.deep.equal([ATTESTOR]);
        expect((await api.call("GET", `${V1}/p/attestors/built-by-cloud-build`)).body).to.include({ name: ATTESTOR });
        expect(await attestors("q")).to.deep.equal([]);
        await api.call("POST", "serviceusage.googleapis.com/v1/projects/p/services/binaryauthorization.googleapis.com:disable", {});
        expect(await api.refusal("GET", `${V1}/p/attestors`)).to.match(
            /^403 PERMISSION_DENIED: Binary Authorization API has not been used/,
        );
    });

    it("creates, lists and deletes the attestors of a team", async () => {
        const attestor = { userOwnedGrafeasNote: { noteReference: "projects/p/notes/tested" } };
        expect((await api.call("POST", `${V1}/p/attestors?attestorId=tested`, attestor)).body).to.deep.include({
            ...{ name: "projects/p/attestors/tested", ...attestor },
        });
        expect(await api.refusal("POST", `${V1}/p/attestors?attestorId=tested`, attestor)).to.match(/^409 ALREADY_EXISTS/);
        expect(await api.refusal("POST", `${V1}/p/attestors?attestorId=-`, attestor)).to.match(
            /^400 INVALID_ARGUMENT: Invalid attestor ID/,
        );
        expect(await update({ ...REQUIRE, requireAttestationsBy: ["projects/p/attestors/tested"] })).to.match(/^200/);
        expect((await api.call("DELETE", `${V1}/p/attestors/tested`)).body).to.deep.equal({});
        expect(await attestors()).to.deep.equal([]);
    });

    it("refuses policies that are incomplete or contradict themselves", async () => {
        api.builds.push(BUILD);
        for (const [rule, more, problem] of [
            [undefined, {}, "default_admission_rule must be set"],
            [{ enforcementMode: ALLOW.enforcementMode }, {}, "default_admission_rule.evaluation_mode must be set"],
            [{ evaluationMode: "ALWAYS_ALLOW" }, {}, "default_admission_rule.enforcement_mode must be set"],
            [
                { ...REQUIRE, requireAttestationsBy: [] },
                {},
                "default_admission_rule: evaluation mode requires at least one require_attestations_by",
            ],
            [{ ...ALLOW, requireAttestationsBy: [ATTESTOR] }, {}, "default_admission_rule: require_attestations_by must be empty"],
            [
                { ...REQUIRE, requireAttestationsBy: [`${ATTESTOR}s`] },
                {},
                `default_admission_rule: the attestor ${ATTESTOR}s does not exist`,
            ],
            [ALLOW, { admissionWhitelistPatterns: [{ namePattern: "*" }] }, 'Invalid admission_whitelist_patterns.name_pattern: "*"'],
            [ALLOW, { clusterAdmissionRules: { ml: ALLOW } }, 'Invalid cluster_admission_rules key "ml"'],
            [
                ALLOW,
                { clusterAdmissionRules: { "us-central1.ml": {} } },
                "cluster_admission_rules[us-central1.ml].evaluation_mode must be set",
            ],
            [
                ALLOW,
                { kubernetesNamespaceAdmissionRules: { a: ALLOW } },
                "The sandbox does not simulate kubernetesNamespaceAdmissionRules.",
            ],
        ] as const) {
            expect(await api.refusal("PUT", `${V1}/p/policy`, { ...(rule && { defaultAdmissionRule: rule }), ...more })).to.contain(
                `400 INVALID_ARGUMENT: ${problem}`,
            );
        }
        const exempt = { admissionWhitelistPatterns: [{ namePattern: "gcr.io/team/*" }] };
        expect(await update(REQUIRE, { ...exempt, clusterAdmissionRules: { "us-central1.ml": ALLOW } })).to.equal("200 : ");
    });

    describe("a cluster that evaluates the policy", () => {
        const check = () => api.clusters.checks.get("projects/q/locations/us-central1/clusters/ml");
        const binaryAuthorization = { evaluationMode: "PROJECT_SINGLETON_POLICY_ENFORCE" };

        beforeEach(async () => {
            await api.call("POST", CLUSTERS, { cluster: { name: "ml", initialNodeCount: 1, binaryAuthorization } });
        });

        it("checks its images from its creation on, until its mode changes", async () => {
            expect(check()?.(IMAGE)).to.equal(undefined);
            await update({ ...ALLOW, evaluationMode: "ALWAYS_DENY" }, {}, "q");
            expect(check()?.(IMAGE)).to.contain("Denied by always_deny admission rule");
            await api.call("PUT", `${CLUSTERS}/ml`, { update: { desiredBinaryAuthorization: { evaluationMode: "DISABLED" } } });
            expect(check()).to.equal(undefined);
            await api.call("PUT", `${CLUSTERS}/ml`, { update: { desiredBinaryAuthorization: binaryAuthorization } });
            expect(check()?.(IMAGE)).to.contain("Denied by always_deny admission rule");
        });

        it("admits what Cloud Build attested in another project once its service agent may verify that", async () => {
            api.builds.push({ ...BUILD, results: { images: [{ digest: `sha256:${"b".repeat(64)}` }] } });
            expect(await update(REQUIRE, {}, "q")).to.equal("200 : ");
            expect(check()?.(IMAGE)).to.contain(
                `denied by attestor ${ATTESTOR}: Permission 'binaryauthorization.attestors.verifyImageAttested' denied on resource '//binaryauthorization.googleapis.com/${ATTESTOR}'`,
            );
            const { body } = await api.call("GET", "cloudresourcemanager.googleapis.com/v1/projects/q");
            const member = `principalSet://cloudresourcemanager.googleapis.com/projects/${String(body.projectNumber)}/type/ServiceAgent`;
            const policy = { bindings: [{ role: "roles/binaryauthorization.attestorsVerifier", members: [member] }] };
            await api.call("POST", "cloudresourcemanager.googleapis.com/v1/projects/p:setIamPolicy", { policy });
            expect(check()?.(IMAGE)).to.equal(NOT_ATTESTED);
            api.builds.push(BUILD);
            expect(check()?.(IMAGE)).to.equal(undefined);
        });
    });
});
