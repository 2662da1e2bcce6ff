import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

const EMAIL = "ci-bot@p.iam.gserviceaccount.com";
const ACCOUNTS = "iam.googleapis.com/v1/projects/p/serviceAccounts";
const PROJECT = "cloudresourcemanager.googleapis.com/v1/projects/p";
const TOKENS = "iamcredentials.googleapis.com/v1/projects/-/serviceAccounts";
const SCOPE = ["https://www.googleapis.com/auth/cloud-platform"];
const REPOSITORY = "artifactregistry.googleapis.com/v1/projects/p/locations/us-central1/repositories";

describe("access tokens of service accounts", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        await api.call("POST", ACCOUNTS, { accountId: "ci-bot" });
    });

    afterEach(() => {
        api.stop();
    });

    const request = (body: object, email = EMAIL): Promise<string> => api.refusal("POST", `${TOKENS}/${email}:generateAccessToken`, body);

    async function asAccount(method: string, at: string, body?: unknown): Promise<{ status: number; message?: string; body: object }> {
        const issued = await api.call("POST", `${TOKENS}/${EMAIL}:generateAccessToken`, { scope: SCOPE });
        const answer = await api.call(method, at, body, { authorization: `Bearer ${String(issued.body.accessToken)}` });
        const { error } = answer.body as { error?: { message: string } };
        return { status: answer.status, body: answer.body, ...(error !== undefined && { message: error.message }) };
    }

    const grant = (role: string, condition?: object): Promise<unknown> =>
        api.call("POST", `${PROJECT}:setIamPolicy`, {
            policy: {
                version: 3,
                bindings: [{ role, members: [`serviceAccount:${EMAIL}`], ...(condition !== undefined && { condition }) }],
            },
        });

    it("are valid for an hour, or for less on request", async () => {
        const begun = Date.now();
        const { body } = await api.call("POST", `${TOKENS}/${EMAIL}:generateAccessToken`, { scope: SCOPE });
        const hour = 3_600_000;
        expect(Date.parse(String(body.expireTime))).to.be.within(begun + hour - 1000, Date.now() + hour);
        expect(await request({ scope: SCOPE, lifetime: "300s" })).to.equal("200 : ");
    });

    it("are refused without a scope, for too long a lifetime, and for disabled or missing accounts", async () => {
        expect(await request({})).to.equal(
            "400 INVALID_ARGUMENT: The scope field is required and must be a non-empty list of OAuth 2.0 scopes.",
        );
        expect(await request({ scope: SCOPE, lifetime: "3601s" })).to.equal(
            "400 INVALID_ARGUMENT: The requested lifetime must be more than 0 seconds and at most 3600 seconds.",
        );
        expect(await request({ scope: SCOPE }, "none@p.iam.gserviceaccount.com")).to.equal("404 NOT_FOUND: Unknown service account");
        await api.call("POST", `${ACCOUNTS}/${EMAIL}:disable`);
        expect(await request({ scope: SCOPE })).to.equal("400 INVALID_ARGUMENT: Service account is disabled.");
    });

    it("allow only what policies grant to the account", async () => {
        const denied = await asAccount("GET", REPOSITORY);
        expect([denied.status, denied.message]).to.deep.equal([
            403,
            "Permission 'artifactregistry.repositories.list' denied on resource '//artifactregistry.googleapis.com/projects/p/locations/us-central1' (or it may not exist).",
        ]);
        await grant("roles/artifactregistry.reader");
        expect((await asAccount("GET", REPOSITORY)).status).to.equal(200);
        expect((await asAccount("POST", `${REPOSITORY}?repositoryId=images`, { format: "DOCKER" })).message).to.contain(
            "Permission 'artifactregistry.repositories.create' denied",
        );
        expect((await asAccount("POST", `${ACCOUNTS}/${EMAIL}:disable`)).message).to.contain("'iam.serviceAccounts.disable'");
        // The unique ID and the project `-` name the same account.
        expect((await asAccount("GET", `iam.googleapis.com/v1/projects/-/serviceAccounts/${EMAIL}`)).message).to.contain(
            "'iam.serviceAccounts.get' denied on resource (or it may not exist).",
        );
    });

    it("are refused to an account that may not impersonate another", async () => {
        await api.call("POST", ACCOUNTS, { accountId: "deploy" });
        const other = `${TOKENS}/deploy@p.iam.gserviceaccount.com:generateAccessToken`;
        expect((await asAccount("POST", other, { scope: SCOPE })).message).to.contain("'iam.serviceAccounts.getAccessToken' denied");
        await grant("roles/iam.serviceAccountTokenCreator");
        expect((await asAccount("POST", other, { scope: SCOPE })).status).to.equal(200);
    });

    it("let an account grant only the roles that its condition names", async () => {
        await grant("roles/resourcemanager.projectIamAdmin", {
            title: "writers",
            expression: "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/logging.logWriter'])",
        });
        const { body } = await api.call("POST", `${PROJECT}:getIamPolicy`, { options: { requestedPolicyVersion: 3 } });
        const { bindings } = body as { bindings: object[] };
        const set = (role: string) =>
            asAccount("POST", `${PROJECT}:setIamPolicy`, {
                policy: { ...body, bindings: [...bindings, { role, members: [`serviceAccount:${EMAIL}`] }] },
            });
        expect((await set("roles/owner")).message).to.equal("The caller does not have permission");
        expect((await set("roles/logging.logWriter")).status).to.equal(200);
    });

    it("test permissions as the account", async () => {
        const permissions = ["resourcemanager.projects.get", "resourcemanager.projects.setIamPolicy"];
        expect((await asAccount("POST", `${PROJECT}:testIamPermissions`, { permissions })).body).to.deep.equal({});
        await grant("roles/viewer");
        expect((await asAccount("POST", `${PROJECT}:testIamPermissions`, { permissions })).body).to.deep.equal({
            permissions: ["resourcemanager.projects.get"],
        });
        expect((await api.call("POST", `${PROJECT}:testIamPermissions`, { permissions })).body).to.deep.equal({ permissions });
    });
});
