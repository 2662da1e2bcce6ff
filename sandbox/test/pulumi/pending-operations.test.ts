import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { homeOf } from "../../home";
import { existingId, type StateResource, withoutPendingOperations } from "../../pulumi/pending-operations";

const resource = (name: string, more: Partial<StateResource> = {}): StateResource => ({
    urn: `urn::${name}`,
    type: "gcp:projects/iAMCustomRole:IAMCustomRole",
    inputs: { name },
    ...more,
});
const pending = (type: string, created: StateResource) => ({ type, resource: created });

describe("withoutPendingOperations", () => {
    const settled = (resources: StateResource[], operations: { type: string; resource: StateResource }[], ids: Record<string, string>) =>
        withoutPendingOperations({ resources, pending_operations: operations }, ({ urn }) => ids[urn]);

    it("adds what was created, forgets what was not, and leaves other operations to the refresh", () => {
        const old = resource("old", { id: "1" });
        const { resources, pending_operations } = settled(
            [old],
            [pending("creating", resource("a")), pending("creating", resource("b")), pending("updating", old), pending("deleting", old)],
            { "urn::a": "2" },
        );
        expect(resources).to.deep.equal([old, { ...resource("a"), id: "2", outputs: { name: "a" } }]);
        expect(pending_operations).to.deep.equal([]);
    });

    it("puts a successor before what it replaces, which the next update deletes", () => {
        const [first, old, user] = [
            resource("first", { id: "1" }),
            resource("a", { id: "2", inputs: { name: "old" } }),
            resource("user", { id: "3" }),
        ];
        const { resources } = settled([first, old, user], [pending("creating", resource("a"))], { "urn::a": "4" });
        expect(resources).to.deep.equal([first, { ...resource("a"), id: "4", outputs: { name: "a" } }, user, { ...old, delete: true }]);
    });

    it("does not take what is deleted already for what is replaced", () => {
        const gone = resource("a", { id: "1", delete: true });
        expect(settled([gone], [pending("creating", resource("a"))], { "urn::a": "2" }).resources).to.have.length(2);
    });

    it("leaves a state without resources and without operations alone", () => {
        expect(withoutPendingOperations({}, () => "1")).to.deep.equal({ resources: [], pending_operations: [] });
    });
});

describe("existingId", () => {
    const home = homeOf(fs.mkdtempSync(path.join(os.tmpdir(), "clone-")));
    after(() => {
        fs.rmSync(home.clone, { recursive: true });
    });

    it("is the name in the cluster of an object, which only a refresh can look for", () => {
        const object = (metadata: object | undefined) =>
            existingId(home, { urn: "u", type: "kubernetes:apps/v1:Deployment", inputs: { metadata } });
        expect(object({ namespace: "inference", name: "digits" })).to.equal("inference/digits");
        expect(object({ name: "inference" })).to.equal("inference");
        expect(object({ generateName: "x-" })).to.equal(undefined);
        expect(object(undefined)).to.equal(undefined);
    });

    it("is the ID of the resource with exactly these inputs in the simulated cloud", () => {
        const role = (roleId: string, inputs: object = {}) =>
            resource(roleId, { inputs: { __defaults: ["project"], project: "p", roleId, title: "Role", ...inputs } });
        expect(existingId(home, role("a"))).to.equal(undefined);
        fs.mkdirSync(path.join(home.root, "cloud"), { recursive: true });
        const entries = ["a", "b"].map((name) => ({
            type: "iam.googleapis.com/Role",
            id: `projects/p/roles/${name}`,
            inputs: { title: "Role" },
        }));
        fs.writeFileSync(path.join(home.root, "cloud/ledger.json"), JSON.stringify({ format: 1, resources: entries }));
        expect(existingId(home, role("b"))).to.equal("projects/p/roles/b");
        expect(existingId(home, role("b", { title: "Other" }))).to.equal(undefined);
        expect(existingId(home, { ...role("b"), type: "docker-build:index:Image" })).to.equal(undefined);
    });
});
