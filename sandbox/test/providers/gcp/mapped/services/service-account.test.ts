import { expect } from "chai";
import type { Entry } from "../../../../../cloud/ledger";
import { findMappedType } from "../../../../../providers/gcp/mapped/all";
import { MappedProvider, refusal } from "../mapped-provider";

const ACCOUNT = "gcp:serviceaccount/account:Account";
const MEMBER = "gcp:serviceaccount/iAMMember:IAMMember";
const PROJECT_MEMBER = "gcp:projects/iAMMember:IAMMember";
const EMAIL = "trainer@p.iam.gserviceaccount.com";
const NAME = `projects/p/serviceAccounts/${EMAIL}`;

const account = { project: "p", accountId: "trainer", displayName: "Trainer" };
const grant = { serviceAccountId: NAME, role: "roles/iam.serviceAccountUser", member: "user:ann@example.com" };
const viewer = { project: "p", role: "roles/viewer", member: "user:ann@example.com" };

describe("serviceAccount", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    it("creates an account with its email address in all forms that Google uses", async () => {
        const { id, outputs } = await gcp.create(ACCOUNT, account);
        const { uniqueId, ...rest } = outputs;
        expect([id, rest]).to.deep.equal([NAME, { ...account, email: EMAIL, member: `serviceAccount:${EMAIL}`, name: NAME }]);
        expect(uniqueId).to.match(/^1\d{20}$/);
        expect(findMappedType(ACCOUNT)?.predicted?.(account)).to.deep.equal({
            email: EMAIL,
            member: `serviceAccount:${EMAIL}`,
        });
    });

    it("changes, disables, enables, reads and deletes it", async () => {
        await gcp.create(ACCOUNT, account);
        const changed = { ...account, displayName: "New", description: "Trains", disabled: true };
        await gcp.update(ACCOUNT, NAME, account, changed);
        expect(gcp.ledger.list()[0]?.inputs).to.deep.equal({ displayName: "New", description: "Trains", disabled: true });
        await gcp.update(ACCOUNT, NAME, changed, account);
        expect(gcp.ledger.list()[0]?.inputs).to.deep.equal({ displayName: "Trainer" });
        expect((await gcp.read(ACCOUNT, NAME, account))?.inputs).to.deep.equal({ ...account, __defaults: [] });
        expect((await gcp.read(ACCOUNT, NAME))?.inputs).to.deep.equal({ ...account, __defaults: [] });
        await gcp.delete(ACCOUNT, NAME, account);
        expect([gcp.ledger.list(), await gcp.read(ACCOUNT, NAME, account)]).to.deep.equal([[], undefined]);
    });

    it("detects that another client disabled it", async () => {
        await gcp.create(ACCOUNT, { ...account, disabled: false });
        const [entry] = gcp.ledger.list();
        gcp.ledger.put({ ...(entry as Entry), inputs: { ...entry?.inputs, disabled: true } });
        expect((await gcp.read(ACCOUNT, NAME, { ...account, disabled: false }))?.inputs.disabled).to.equal(true);
    });

    it("grants roles on accounts, which must exist", async () => {
        expect(await refusal(gcp.create(MEMBER, grant))).to.equal("googleapi: Error 404: Unknown service account");
        await gcp.create(ACCOUNT, account);
        const { id } = await gcp.create(MEMBER, grant);
        expect(id).to.equal(`${NAME}/roles/iam.serviceAccountUser/user:ann@example.com`);
        expect((await gcp.read(MEMBER, id))?.inputs).to.deep.equal({ ...grant, condition: undefined, __defaults: [] });
        await gcp.delete(MEMBER, id, grant);
        expect(await gcp.read(MEMBER, id, grant)).to.equal(undefined);
    });

    it("grants roles on projects, and removes a project from the ledger with its last grant", async () => {
        const other = { ...viewer, role: "projects/q/roles/custom" };
        const ids = [(await gcp.create(PROJECT_MEMBER, viewer)).id, (await gcp.create(PROJECT_MEMBER, other)).id];
        expect(ids).to.deep.equal(["p/roles/viewer/user:ann@example.com", "p/projects/q/roles/custom/user:ann@example.com"]);
        expect((await gcp.create(PROJECT_MEMBER, viewer)).id).to.equal(ids[0]);
        for (const [position, inputs] of [viewer, other].entries()) {
            expect((await gcp.read(PROJECT_MEMBER, ids[position] ?? ""))?.inputs).to.include(inputs);
            await gcp.delete(PROJECT_MEMBER, ids[position] ?? "", inputs);
        }
        expect(gcp.ledger.list()).to.deep.equal([]);
    });

    it("refuses members of the identity pool of a missing cluster", async () => {
        const member = "serviceAccount:p.svc.id.goog[inference/server]";
        expect(await refusal(gcp.create(PROJECT_MEMBER, { ...viewer, member }))).to.contain(
            "Error 400: Identity Pool does not exist (p.svc.id.goog)",
        );
    });

    it("finds the account that a killed engine created", async () => {
        const disabled = { ...account, disabled: true };
        await gcp.create(ACCOUNT, disabled);
        await gcp.create(PROJECT_MEMBER, viewer);
        expect([
            gcp.existingId(ACCOUNT, disabled),
            gcp.existingId(ACCOUNT, account),
            gcp.existingId(PROJECT_MEMBER, viewer),
            gcp.existingId(MEMBER, grant),
        ]).to.deep.equal([NAME, undefined, "p/roles/viewer/user:ann@example.com", undefined]);
    });
});
