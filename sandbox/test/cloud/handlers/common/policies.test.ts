import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

const REPOSITORY = "artifactregistry.googleapis.com/v1/projects/p/locations/us/repositories/images";
const READER = "roles/artifactregistry.reader";
const binding = { role: READER, members: ["user:ann@example.com"] };

describe("policyMethods", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        await api.call("POST", REPOSITORY.replace("/images", "?repositoryId=images"), { format: "DOCKER" });
    });

    afterEach(() => {
        api.stop();
    });

    const get = async () => (await api.call("GET", `${REPOSITORY}:getIamPolicy?options.requestedPolicyVersion=3`)).body;
    const set = (policy: unknown) => api.call("POST", `${REPOSITORY}:setIamPolicy`, { policy });
    const refusal = (policy: unknown) => api.refusal("POST", `${REPOSITORY}:setIamPolicy`, { policy });

    it("answers with Google's initial policy before the first change", async () => {
        expect(await get()).to.deep.equal({ version: 1, etag: "ACAB" });
    });

    it("merges bindings of one role, sorts members and drops empty bindings", async () => {
        const { body } = await set({
            bindings: [
                binding,
                { role: "roles/viewer", members: [] },
                { role: READER, members: ["group:ml@example.com", "user:ann@example.com"] },
            ],
        });
        expect(body.bindings).to.deep.equal([{ role: READER, members: ["group:ml@example.com", "user:ann@example.com"] }]);
        expect(await get()).to.deep.equal(body);
        expect((await set({ etag: body.etag })).body.bindings).to.equal(undefined);
    });

    it("refuses a write based on an outdated policy", async () => {
        const { etag } = await get();
        const { body } = await set({ etag, bindings: [binding] });
        expect(await refusal({ etag, bindings: [] })).to.equal(
            `409 ABORTED: There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff. The request's ETag 'ACAB' did not match the current policy's ETag '${String(body.etag)}'.`,
        );
        expect(await get()).to.deep.equal(body);
    });

    it("keeps conditional bindings apart, and requires version 3 for them", async () => {
        const condition = { title: "weekdays", expression: "true" };
        const bindings = [binding, { ...binding, condition }];
        expect(await refusal({ bindings })).to.equal("400 INVALID_ARGUMENT: Conditional role bindings require policy version 3");
        expect((await set({ version: 3, bindings })).body).to.deep.include({ version: 3, bindings });
    });

    for (const [change, why] of [
        [{ role: "reader" }, "Role (reader) does not exist in the resource's hierarchy."],
        [
            { members: ["ann@example.com"] },
            "The member ann@example.com is of an unknown type. Please set a valid type prefix for the member.",
        ],
        [{ members: ["user:ann"] }, "Invalid member 'user:ann': it must be a user as IAM writes it, such as user:ann@example.com"],
        [
            { members: ["serviceAccount:p.svc.id.goog[ns/name]"] },
            "Identity Pool does not exist (p.svc.id.goog). Please check that you specified a valid resource name as returned in the `name` attribute in the configuration API.",
        ],
    ] as const) {
        it(`refuses ${JSON.stringify(change)}`, async () => {
            expect(await refusal({ bindings: [{ ...binding, ...change }] })).to.equal(`400 INVALID_ARGUMENT: ${why}`);
        });
    }

    it("accept allUsers, and members of deleted accounts", async () => {
        const members = ["allUsers", "deleted:serviceAccount:a@p.iam.gserviceaccount.com?uid=1"];
        expect((await set({ bindings: [{ ...binding, members }] })).body.bindings).to.deep.equal([{ ...binding, members }]);
    });

    it("refuses a request without a policy or for a missing resource", async () => {
        expect(await api.refusal("POST", `${REPOSITORY}:setIamPolicy`, {})).to.equal("400 INVALID_ARGUMENT: Policy must be specified");
        for (const verb of ["getIamPolicy", "setIamPolicy", "testIamPermissions"]) {
            const method = verb === "getIamPolicy" ? "GET" : "POST";
            expect(await api.refusal(method, `${REPOSITORY}2:${verb}`, method === "GET" ? undefined : {})).to.match(/^404 NOT_FOUND/);
        }
    });

    it("reports that the owner has every permission", async () => {
        const permissions = ["artifactregistry.repositories.get"];
        expect((await api.call("POST", `${REPOSITORY}:testIamPermissions`, { permissions })).body).to.deep.equal({ permissions });
    });
});
