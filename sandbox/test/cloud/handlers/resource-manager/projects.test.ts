import { expect } from "chai";
import { projectNumber } from "../../../../cloud/generated";
import { ApiUnderTest } from "../../test-api";

const PROJECT = "cloudresourcemanager.googleapis.com/v1/projects/p";
const bindings = [{ role: "roles/viewer", members: ["user:ann@example.com"] }];

describe("projects", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const set = (policy: object) => api.call("POST", `${PROJECT}:setIamPolicy`, { policy, updateMask: "bindings,etag,auditConfigs" });
    const get = async (project = PROJECT) =>
        (await api.call("POST", `${project}:getIamPolicy`, { options: { requestedPolicyVersion: 3 } })).body;

    it("exist with their numbers", async () => {
        expect((await api.call("GET", PROJECT)).body).to.deep.equal({
            projectId: "p",
            projectNumber: projectNumber("p"),
            name: "p",
            lifecycleState: "ACTIVE",
        });
    });

    it("are listed if they have resources or enabled APIs, by filter", async () => {
        const list = async (filter: string) => {
            const { body } = await api.call("GET", `${PROJECT.replace(/\/p$/, "")}?filter=${encodeURIComponent(filter)}`);
            return ((body.projects ?? []) as readonly { projectId: string }[]).map(({ projectId }) => projectId);
        };
        expect(await list("lifecycleState:ACTIVE")).to.deep.equal(["my-organization-ml-dev", "my-project", "p", "q"]);
        expect(await list("lifecycleState:ACTIVE AND id:my-*")).to.deep.equal(["my-organization-ml-dev", "my-project"]);
        expect(await list("lifecycleState:DELETE_REQUESTED")).to.deep.equal([]);
        expect(await api.refusal("GET", `${PROJECT.replace(/\/p$/, "")}?filter=labels.a:b`)).to.match(/^400 INVALID_ARGUMENT/);
    });

    it("have no parent", async () => {
        const { body } = await api.call("POST", `${PROJECT}:getAncestry`, {});
        expect(body).to.deep.equal({ ancestor: [{ resourceId: { type: "project", id: "p" } }] });
    });

    it("have a policy, by ID or number, which is in the ledger while it grants something", async () => {
        expect(await get()).to.deep.equal({ version: 1, etag: "ACAB" });
        const { body } = await set({ bindings, etag: "ACAB" });
        expect(body.bindings).to.deep.equal(bindings);
        expect(await get(PROJECT.replace(/p$/, projectNumber("p")))).to.deep.equal(body);
        expect(api.ledger.list().map(({ type, id }) => [type, id])).to.deep.equal([
            ["cloudresourcemanager.googleapis.com/Project", "projects/p"],
        ]);
        await set({ etag: body.etag });
        expect(api.ledger.list()).to.deep.equal([]);
    });

    it("keep audit configurations that a change omits", async () => {
        const auditConfigs = [{ service: "allServices", auditLogConfigs: [{ logType: "DATA_READ" }] }];
        await set({ auditConfigs });
        await api.call("POST", `${PROJECT}:setIamPolicy`, { policy: { bindings } });
        expect(await get()).to.deep.include({ auditConfigs, bindings });
    });

    it("refuse an unknown project number", async () => {
        expect(await api.refusal("GET", PROJECT.replace(/p$/, "123"))).to.equal(
            "403 PERMISSION_DENIED: Permission denied on resource project 123.",
        );
    });
});
