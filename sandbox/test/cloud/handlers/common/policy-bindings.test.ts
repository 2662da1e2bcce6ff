import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

const PROJECT = "cloudresourcemanager.googleapis.com/v1/projects/my-project";
const ACCOUNTS = "iam.googleapis.com/v1/projects/my-project/serviceAccounts";
const EMAIL = "trainer@my-project.iam.gserviceaccount.com";

describe("checkBindings", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        await api.call("POST", ACCOUNTS, { accountId: "trainer" });
    });

    afterEach(() => {
        api.stop();
    });

    const grant = (role: string, members: readonly string[], condition?: object) =>
        api.refusal("POST", `${PROJECT}:setIamPolicy`, { policy: { version: 3, bindings: [{ role, members, condition }] } });

    it("checks the members that a change adds, and no existing ones", async () => {
        const member = `serviceAccount:${EMAIL}`;
        expect(await grant("roles/storage.objectUser", [member])).to.equal("200 : ");
        await api.call("DELETE", `${ACCOUNTS}/${EMAIL}`);
        expect(await grant("roles/storage.objectUser", [member, "user:ann@example.com"])).to.equal("200 : ");
        expect(await grant("roles/storage.objectViewer", [member])).to.equal(
            `400 INVALID_ARGUMENT: Service account ${EMAIL} does not exist.`,
        );
    });

    it("checks that service accounts exist, in the policy's own project only", async () => {
        for (const email of ["ci@other-project.iam.gserviceaccount.com", "service-1@gcp-sa-cloudbuild.iam.gserviceaccount.com"]) {
            expect(await grant("roles/storage.objectUser", [`serviceAccount:${email}`])).to.equal("200 : ");
        }
    });

    it("lets service agents use a service account", async () => {
        const grantOn = (role: string) =>
            api.refusal("POST", `${ACCOUNTS}/${EMAIL}:setIamPolicy`, {
                policy: { bindings: [{ role, members: ["user:ann@example.com"] }] },
            });
        for (const role of ["roles/container.serviceAgent", "roles/viewer", "projects/my-project/roles/user"]) {
            expect(await grantOn(role)).to.equal("200 : ");
        }
        expect(await grantOn("roles/storage.admin")).to.equal(
            "400 INVALID_ARGUMENT: Role roles/storage.admin is not supported for this resource.",
        );
    });

    it("names the people that a project must invite as owners", async () => {
        const { body } = await api.call("POST", `${PROJECT}:setIamPolicy`, {
            policy: { bindings: [{ role: "roles/owner", members: ["user:ann@example.com", `serviceAccount:${EMAIL}`] }] },
        });
        expect((body.error as { details: unknown }).details).to.deep.equal([
            {
                "@type": "type.googleapis.com/google.cloudresourcemanager.v1.ProjectIamPolicyError",
                type: "SOLO_MUST_INVITE_OWNERS",
                member: "user:ann@example.com",
                role: "roles/owner",
            },
        ]);
    });
});
