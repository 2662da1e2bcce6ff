import { cloudresourcemanager } from "@googleapis/cloudresourcemanager";
import { iam } from "@googleapis/iam";
import { expect } from "chai";
import { OAuth2Client } from "google-auth-library";
import { ApiUnderTest, TOKEN } from "../test-api";

const NAME = "projects/p/serviceAccounts/trainer@p.iam.gserviceaccount.com";

describe("@googleapis/iam and @googleapis/cloudresourcemanager", () => {
    let api: ApiUnderTest;
    const auth = new OAuth2Client();
    auth.setCredentials({ access_token: TOKEN });

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    it("create, list, change and delete service accounts", async () => {
        const { serviceAccounts } = iam({ version: "v1", auth, rootUrl: api.url }).projects;
        const { data } = await serviceAccounts.create({ name: "projects/p", requestBody: { accountId: "trainer" } });
        expect(data.name).to.equal(NAME);
        const requestBody = { serviceAccount: { displayName: "Trainer" }, updateMask: "displayName" };
        expect((await serviceAccounts.patch({ name: NAME, requestBody })).data.displayName).to.equal("Trainer");
        const { accounts } = (await serviceAccounts.list({ name: "projects/p", pageSize: 10 })).data;
        expect(accounts?.map(({ email }) => email)).to.deep.equal(["trainer@p.iam.gserviceaccount.com"]);
        await serviceAccounts.delete({ name: NAME });
        const gone = await serviceAccounts.get({ name: NAME }).catch((error: unknown) => error);
        expect(gone).to.be.instanceOf(Error).and.to.include({ status: 404, message: "Unknown service account" });
    });

    it("change the policy of a project", async () => {
        const { projects } = cloudresourcemanager({ version: "v1", auth, rootUrl: api.url });
        const { data: policy } = await projects.getIamPolicy({ resource: "p", requestBody: {} });
        const bindings = [{ role: "roles/viewer", members: ["user:ann@example.com"] }];
        const { data } = await projects.setIamPolicy({ resource: "p", requestBody: { policy: { ...policy, bindings } } });
        expect(data.bindings).to.deep.equal(bindings);
        const late = await projects.setIamPolicy({ resource: "p", requestBody: { policy } }).catch((error: unknown) => error);
        expect(late).to.be.instanceOf(Error).and.to.include({ status: 409 });
    });
});
