import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

describe("predefined roles", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const ROLES = "iam.googleapis.com/v1/roles";

    it("have the permissions that the sandbox checks", async () => {
        const { body } = await api.call("GET", `${ROLES}/artifactregistry.reader`);
        expect(body).to.deep.include({ name: "roles/artifactregistry.reader", stage: "GA" });
        expect(body.includedPermissions).to.include("artifactregistry.repositories.downloadArtifacts");
        expect(body.includedPermissions).to.not.include("artifactregistry.repositories.uploadArtifacts");
        expect(await api.refusal("GET", `${ROLES}/artifactregistry.none`)).to.equal(
            "404 NOT_FOUND: The role named roles/artifactregistry.none was not found.",
        );
    });

    it("are listed by page, with permissions in the full view only", async () => {
        const { body } = await api.call("GET", `${ROLES}?pageSize=1`);
        expect(body.roles).to.have.lengthOf(1);
        expect((body.roles as readonly object[])[0]).to.not.have.property("includedPermissions");
        const { body: full } = await api.call("GET", `${ROLES}?pageSize=1&view=FULL&pageToken=${String(body.nextPageToken)}`);
        expect((full.roles as readonly object[])[0]).to.have.property("includedPermissions");
    });

    it("are not those of a project", async () => {
        await api.call("POST", "iam.googleapis.com/v1/projects/p/roles", { roleId: "own", role: { title: "Own" } });
        const { body } = await api.call("GET", `${ROLES}?parent=projects/p`);
        expect((body.roles as readonly { name: string }[]).map(({ name }) => name)).to.deep.equal(["projects/p/roles/own"]);
    });

    it("have permissions that a custom role can contain", async () => {
        const at = "iam.googleapis.com/v1/permissions:queryTestablePermissions";
        const { body } = await api.call("POST", at, { fullResourceName: "//cloudresourcemanager.googleapis.com/projects/p" });
        expect(body.permissions).to.deep.include({ name: "storage.buckets.get", stage: "GA" });
        expect(await api.refusal("POST", at, {})).to.match(/^400 INVALID_ARGUMENT/);
    });
});
