import { expect } from "chai";
import { delayOf, EffectivePolicies } from "../../../cloud/access/effective-policies";
import { ApiUnderTest } from "../test-api";

const PROJECT = "cloudresourcemanager.googleapis.com/v1/projects/p";
const REPOSITORIES = "artifactregistry.googleapis.com/v1/projects/p/locations/us-central1/repositories";
const IMAGES = `${REPOSITORIES}/images`;
const EMAIL = "ci-bot@p.iam.gserviceaccount.com";
const READER = [{ role: "roles/artifactregistry.reader", members: [`serviceAccount:${EMAIL}`] }];
const DELAY_SECONDS = 120;

describe("changes of policies", () => {
    let api: ApiUnderTest;
    let seconds: number;
    let token: string;

    beforeEach(async () => {
        seconds = 1_000_000;
        api = await ApiUnderTest.start(undefined, (ledger) => new EffectivePolicies(ledger, DELAY_SECONDS * 1000, () => seconds * 1000));
        await api.call("POST", "iam.googleapis.com/v1/projects/p/serviceAccounts", { accountId: "ci-bot" });
        await api.call("POST", `${REPOSITORIES}?repositoryId=images`, { format: "DOCKER" });
        const at = `iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${EMAIL}:generateAccessToken`;
        token = String((await api.call("POST", at, { scope: ["https://www.googleapis.com/auth/cloud-platform"] })).body.accessToken);
    });

    afterEach(() => {
        api.stop();
    });

    const set = async (resource: string, bindings: readonly object[]): Promise<void> => {
        expect((await api.call("POST", `${resource}:setIamPolicy`, { policy: { bindings } })).status).to.equal(200);
    };
    const statuses = async (...times: readonly number[]): Promise<readonly number[]> => {
        const begun = seconds;
        const all: number[] = [];
        for (const time of times) {
            seconds = begun + time;
            all.push((await api.call("GET", IMAGES, undefined, { authorization: `Bearer ${token}` })).status);
        }
        return all;
    };

    it("are visible immediately, and take effect after the delay", async () => {
        await set(IMAGES, READER);
        expect((await api.call("GET", `${IMAGES}:getIamPolicy`)).body.bindings).to.deep.equal(READER);
        expect(await statuses(0, 119, 120)).to.deep.equal([403, 403, 200]);
        await set(IMAGES, []);
        expect((await api.call("GET", `${IMAGES}:getIamPolicy`)).body.bindings).to.equal(undefined);
        expect(await statuses(0, 119, 120)).to.deep.equal([200, 200, 403]);
    });

    it("take effect in their order", async () => {
        await set(IMAGES, READER);
        seconds += 60;
        await set(IMAGES, []);
        expect(await statuses(59, 60, 119, 120)).to.deep.equal([403, 200, 200, 403]);
    });

    it("to a project's policy are delayed too, even if the policy becomes empty", async () => {
        await set(PROJECT, READER);
        expect(await statuses(119, 120)).to.deep.equal([403, 200]);
        await set(PROJECT, []);
        expect(await statuses(60)).to.deep.equal([200]);
        await set(PROJECT, READER);
        expect(await statuses(59, 60, 119, 120)).to.deep.equal([200, 403, 403, 200]);
    });

    it("never deny the owner a request", async () => {
        await set(IMAGES, READER);
        expect((await api.call("GET", IMAGES)).status).to.equal(200);
    });

    it("are delayed by SANDBOX_IAM_DELAY", () => {
        expect([delayOf("0"), delayOf("120")]).to.deep.equal([0, 120_000]);
        for (const text of ["", "2m", "-1", "1.5"]) {
            expect(() => delayOf(text), text).to.throw(`SANDBOX_IAM_DELAY must be a number of seconds, 0 or more, not "${text}"`);
        }
    });
});
