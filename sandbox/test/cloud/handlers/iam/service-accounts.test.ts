import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

const ACCOUNTS = "iam.googleapis.com/v1/projects/p/serviceAccounts";
const EMAIL = "trainer@p.iam.gserviceaccount.com";
const NAME = `projects/p/serviceAccounts/${EMAIL}`;

describe("serviceAccounts", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const create = (accountId: string, serviceAccount: object = {}) => api.refusal("POST", ACCOUNTS, { accountId, serviceAccount });
    const patch = (updateMask: string, serviceAccount: object) =>
        api.refusal("PATCH", `${ACCOUNTS}/${EMAIL}`, { serviceAccount, updateMask });

    it("creates an account, and finds it by email address or unique ID, in its project or any", async () => {
        const { status, body } = await api.call("POST", ACCOUNTS, { accountId: "trainer", serviceAccount: { displayName: "Trainer" } });
        const { uniqueId, oauth2ClientId, ...rest } = body;
        expect([status, rest]).to.deep.equal([
            200,
            { name: NAME, projectId: "p", email: EMAIL, displayName: "Trainer", etag: "MDEwMjE5MjA=" },
        ]);
        for (const id of [uniqueId, oauth2ClientId]) {
            expect(id).to.match(/^1\d{20}$/);
        }
        expect(oauth2ClientId).not.to.equal(uniqueId);
        for (const at of [`p/serviceAccounts/${EMAIL}`, `-/serviceAccounts/${EMAIL}`, `-/serviceAccounts/${String(uniqueId)}`]) {
            expect((await api.call("GET", `iam.googleapis.com/v1/projects/${at}`)).body).to.deep.equal(body);
        }
        expect(await api.refusal("GET", `iam.googleapis.com/v1/projects/q/serviceAccounts/${EMAIL}`)).to.equal(
            "404 NOT_FOUND: Unknown service account",
        );
    });

    it("lists the accounts of a project", async () => {
        await create("second");
        await create("first-");
        await create("first0");
        await api.call("POST", ACCOUNTS.replace("/p/", "/q/"), { accountId: "other-project" });
        const { body } = await api.call("GET", ACCOUNTS);
        expect((body.accounts as { email: string }[]).map(({ email }) => email.split("@")[0])).to.deep.equal(["first0", "second"]);
    });

    it("changes only texts that the mask names", async () => {
        await create("trainer", { displayName: "Trainer", description: "old" });
        expect(await patch("display_name", { displayName: "New", description: "ignored" })).to.equal("200 : ");
        expect((await api.call("GET", `${ACCOUNTS}/${EMAIL}`)).body).to.include({ displayName: "New", description: "old" });
        expect(await patch("", {})).to.equal("400 INVALID_ARGUMENT: update_mask must be specified");
        expect(await patch("email", {})).to.equal("400 INVALID_ARGUMENT: Invalid field mask: unknown field 'email'");
        expect(await patch("description", { description: "ä".repeat(129) })).to.equal(
            "400 INVALID_ARGUMENT: The description length (258) is longer than the maximum allowed length 256.",
        );
    });

    it("disables and enables", async () => {
        await create("trainer");
        for (const [verb, disabled] of [
            ["disable", true],
            ["enable", undefined],
        ] as const) {
            expect(await api.refusal("POST", `${ACCOUNTS}/${EMAIL}:${verb}`, {})).to.equal("200 : ");
            expect((await api.call("GET", `${ACCOUNTS}/${EMAIL}`)).body.disabled).to.equal(disabled);
        }
    });

    it("has policies, which are deleted with the account", async () => {
        await create("trainer");
        const bindings = [{ role: "roles/iam.serviceAccountUser", members: ["user:ann@example.com"] }];
        const set = await api.call("POST", `${ACCOUNTS}/${EMAIL}:setIamPolicy`, { policy: { bindings } });
        expect((await api.call("POST", `${ACCOUNTS.replace("/p/", "/-/")}/${EMAIL}:getIamPolicy`)).body).to.deep.equal(set.body);
        expect(await api.refusal("DELETE", `${ACCOUNTS}/${EMAIL}`)).to.equal("200 : ");
        expect(await api.refusal("POST", `${ACCOUNTS}/${EMAIL}:getIamPolicy`)).to.equal("404 NOT_FOUND: Unknown service account");
        expect(api.ledger.list()).to.deep.equal([]);
    });

    for (const [accountId, account, why] of [
        ["short", {}, '400 INVALID_ARGUMENT: The account ID "short" does not have a length between 6 and 30.'],
        ["Trainer", {}, "400 INVALID_ARGUMENT: Trainer does not match [a-z][a-z\\d\\-]*[a-z\\d]."],
        ["a".repeat(31), {}, '400 INVALID_ARGUMENT: The account ID "aaa'],
        [
            "trainer",
            { displayName: "x".repeat(101) },
            "400 INVALID_ARGUMENT: The display_name length (101) is longer than the maximum allowed length 100.",
        ],
        ["trainer", { title: "x" }, `400 INVALID_ARGUMENT: Invalid JSON payload received. Unknown name "title" at 'service_account'`],
        ["existing", {}, "409 ALREADY_EXISTS: Service account existing already exists within project projects/p."],
    ] as const) {
        it(`refuses ${accountId.slice(0, 10)} ${JSON.stringify(account).slice(0, 30)}`, async () => {
            await create("existing");
            expect((await create(accountId, account)).slice(0, why.length)).to.equal(why);
            expect(api.ledger.list()).to.have.length(1);
        });
    }
});
