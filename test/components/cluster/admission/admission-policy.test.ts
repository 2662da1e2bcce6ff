import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { AdmissionPolicy } from "../../../../components/cluster/admission/admission-policy";
import { record } from "../../recorded";

const POLICY = "gcp:binaryauthorization/policy:Policy";
const settings = { project: "my-prod", buildProject: "my-dev", exempt: ["gcr.io/team/*"] };

describe("AdmissionPolicy", () => {
    const inputs = async (args: object = {}) => {
        const recording = await record((options) => new AdmissionPolicy("admission", { ...settings, ...args }, options));
        return recording.one(POLICY, "admission").inputs;
    };
    const patterns = async (args: object) =>
        ((await inputs(args)).admissionWhitelistPatterns as { namePattern: string }[]).map(({ namePattern }) => namePattern);

    it("requires the attestor of the build project, and exempts Google's images and the listed ones", async () => {
        expect(await inputs()).to.deep.equal({
            project: "my-prod",
            description: "Admits images that Cloud Build built",
            globalPolicyEvaluationMode: "ENABLE",
            admissionWhitelistPatterns: [{ namePattern: "gcr.io/team/*" }],
            defaultAdmissionRule: {
                evaluationMode: "REQUIRE_ATTESTATION",
                enforcementMode: "ENFORCED_BLOCK_AND_AUDIT_LOG",
                requireAttestationsBies: ["projects/my-dev/attestors/built-by-cloud-build"],
            },
        });
    });

    it("exempts Kueue if the stack installs it, and images that are built elsewhere", async () => {
        expect(await patterns({ queues: true, images: ["redis@sha256:1"] })).to.deep.equal([
            "gcr.io/team/*",
            "registry.k8s.io/kueue/kueue:v0.17.0",
            "redis@sha256:1",
        ]);
    });

    it("is created after the builds: before its first build, a project has no attestor", async () => {
        let finish: (digests: object) => void = () => undefined;
        let created = false;
        const built = pulumi.output(
            new Promise<object>((resolve) => {
                finish = resolve;
            }),
        );
        const answer = ({ type }: { readonly type: string }) => {
            created ||= type === POLICY;
            return {};
        };
        const recording = record(
            (options) => {
                new AdmissionPolicy("admission", { ...settings, built }, options);
                setTimeout(() => {
                    expect(created).to.equal(false);
                    finish({});
                }, 100);
            },
            { answer },
        );
        expect((await recording).names(POLICY)).to.deep.equal(["admission"]);
    });
});
