import { expect } from "chai";
import { PreparedProject } from "../../bootstrap/prepared-project";
import type { BootstrapSettings } from "../../bootstrap/settings";
import { APIS } from "../../gke/apis";
import { record, type Recording } from "../components/recorded";

const DEV: BootstrapSettings = {
    project: "my-dev",
    region: "europe-west4",
    repository: "my-organization/ml-platform",
    environment: "dev",
    home: "my-dev",
    pulumiProject: "ml-platform",
};
const PROD: BootstrapSettings = { ...DEV, project: "my-prod", environment: "prod" };

/** The program with some settings. IAM members get the pool's number in their names. */
const recorded = (settings: BootstrapSettings): Promise<Recording> =>
    record((options) => new PreparedProject(settings.environment, settings, options), {
        answer: ({ type, inputs }) =>
            ({
                "gcp:serviceaccount/account:Account": {
                    member: `serviceAccount:${String(inputs.accountId)}`,
                    name: `accounts/${String(inputs.accountId)}`,
                },
                "gcp:iam/workloadIdentityPool:WorkloadIdentityPool": {
                    name: "projects/1/locations/global/workloadIdentityPools/ml-platform",
                },
            })[type] ?? {},
    });

const MEMBER = /iamMember|iAMMember|IAMMember/;
const grants = ({ resources }: Recording, member: string) =>
    resources.filter(({ type, inputs }) => MEMBER.test(type) && inputs.member === member).map(({ name }) => name);

describe("a prepared project that keeps the state", () => {
    let recording: Recording;
    before(async () => {
        recording = await recorded(DEV);
    });

    it("enables every API, and disables none when it is removed", () => {
        const services = recording.resources.filter(({ type }) => type === "gcp:projects/service:Service").map(({ inputs }) => inputs);
        expect(services.map(({ service }) => service)).to.have.members(Object.keys(APIS));
        expect(services.every(({ project, disableOnDestroy }) => project === "my-dev" && disableOnDestroy === false)).to.equal(true);
    });

    it("keeps earlier versions of the state, in a bucket that is never public and not deleted", () => {
        const { inputs, options } = recording.one("gcp:storage/bucket:Bucket", "state");
        expect(inputs).to.deep.include({
            name: "my-dev-pulumi-state",
            location: "europe-west4",
            versioning: { enabled: true },
            uniformBucketLevelAccess: true,
            publicAccessPrevention: "enforced",
        });
        expect(options.protect).to.equal(true);
    });

    it("trusts the workflows of the repository, and of no other", () => {
        const { inputs } = recording.one("gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider", "github");
        expect(inputs.attributeCondition).to.equal('assertion.repository == "my-organization/ml-platform"');
        expect(inputs.oidc).to.deep.equal({ issuerUri: "https://token.actions.githubusercontent.com" });
    });

    it("lets every workflow of the repository preview, and only jobs of the environment deploy", () => {
        const workflows = (name: string) => recording.one("gcp:serviceaccount/iAMMember:IAMMember", `${name}-workflows`).inputs;
        const pool = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ml-platform";
        expect(workflows("preview").member).to.equal(`${pool}/attribute.repository/my-organization/ml-platform`);
        expect(workflows("deploy").member).to.equal(`${pool}/attribute.environment/my-organization/ml-platform/dev`);
    });

    it("lets deployments read the state of all stacks, and write that of their own", () => {
        const { inputs } = recording.one("gcp:storage/bucketIAMMember:BucketIAMMember", "deploy-state-admin");
        expect(inputs.role).to.equal("roles/storage.objectAdmin");
        expect((inputs.condition as { title: string }).title).to.equal("own-state");
        expect(grants(recording, "serviceAccount:deploy")).to.include.members(["deploy-state-viewer", "deploy-key"]);
    });
});

describe("another prepared project", () => {
    let recording: Recording;
    before(async () => {
        recording = await recorded(PROD);
    });

    it("creates no bucket and no identity of previews: those of the first project get access", () => {
        expect(recording.names("gcp:storage/bucket:Bucket")).to.deep.equal([]);
        expect(recording.names("gcp:serviceaccount/account:Account")).to.deep.equal(["deploy"]);
        expect(grants(recording, "serviceAccount:pull-request-preview@my-dev.iam.gserviceaccount.com").sort()).to.deep.equal([
            "preview-iam.securityReviewer",
            "preview-key",
            "preview-storage.bucketViewer",
            "preview-viewer",
        ]);
    });

    it("lets its deployments write their state in the bucket of the first project", () => {
        const { inputs } = recording.one("gcp:storage/bucketIAMMember:BucketIAMMember", "deploy-state-admin");
        expect(inputs.bucket).to.equal("my-dev-pulumi-state");
        expect((inputs.condition as { expression: string }).expression).to.contain(".pulumi/stacks/ml-platform/prod.");
    });
});
