import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Access, modifiedRoles } from "../../../cloud/access/access";
import type { JsonObject } from "../../../cloud/json";
import { Ledger } from "../../../cloud/ledger";

const CI = { member: "serviceAccount:ci@p.iam.gserviceaccount.com" };
const REPOSITORY = "projects/p/locations/us/repositories/images";
const at = (name: string) => ({ service: "artifactregistry.googleapis.com", name, modifiedRoles: [] });

describe("Access", () => {
    let folder: string;
    let ledger: Ledger;
    let access: Access;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "access-"));
        ledger = Ledger.open(path.join(folder, "ledger.json"));
        access = new Access(ledger);
    });

    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    function put(type: string, id: string, bindings: readonly JsonObject[], inputs: JsonObject = {}): void {
        const time = "2026-01-01T00:00:00Z";
        const fixed = { uuid: id, status: "RUNNING", provisioned: {}, createdAt: time, updatedAt: time } as const;
        ledger.put({ ...fixed, type, id, inputs, policy: { bindings } });
    }

    const mayRead = (name: string, who: { readonly member?: string } = CI): boolean =>
        access.grants(who, "artifactregistry.repositories.get", at(name));

    it("allows the owner everything", () => {
        expect(mayRead(REPOSITORY, {})).to.equal(true);
    });

    it("denies everything that no policy grants", () => {
        expect(mayRead(REPOSITORY)).to.equal(false);
    });

    it("applies the policies of the resource and its project only", () => {
        put("Project", "projects/p", [{ role: "roles/artifactregistry.reader", members: [CI.member] }]);
        put("Repository", "projects/q/locations/us/repositories/images", [{ role: "roles/artifactregistry.reader", members: [CI.member] }]);
        expect(mayRead(REPOSITORY)).to.equal(true);
        expect(mayRead("projects/q/locations/us/repositories/images")).to.equal(true);
        expect(mayRead("projects/q/locations/us/repositories/images-2")).to.equal(false);
        expect(mayRead("projects/p-2/locations/us/repositories/images")).to.equal(false);
        expect(access.grants(CI, "artifactregistry.repositories.create", at(REPOSITORY))).to.equal(false);
    });

    it("grants to all callers if the policy names allUsers", () => {
        put("Repository", REPOSITORY, [{ role: "roles/artifactregistry.reader", members: ["allUsers"] }]);
        expect(mayRead(REPOSITORY)).to.equal(true);
    });

    it("applies a conditional binding only if its condition is true", () => {
        const condition = { title: "one", expression: `resource.name == "${REPOSITORY}"` };
        put("Project", "projects/p", [{ role: "roles/artifactregistry.reader", members: [CI.member], condition }]);
        expect(mayRead(REPOSITORY)).to.equal(true);
        expect(mayRead(`${REPOSITORY}-2`)).to.equal(false);
    });

    it("applies custom roles", () => {
        const role = "projects/p/roles/puller";
        put("iam.googleapis.com/Role", role, [], { includedPermissions: ["artifactregistry.repositories.get"] });
        put("Project", "projects/p", [{ role, members: [CI.member] }]);
        expect(mayRead(REPOSITORY)).to.equal(true);
    });
});

describe("modifiedRoles", () => {
    const bindings = (...roles: [string, ...string[]][]) => ({ bindings: roles.map(([role, ...members]) => ({ role, members })) });

    it("are bindings with changed members or conditions, in any order", () => {
        expect(modifiedRoles(undefined, bindings(["a", "x"]))).to.deep.equal(["a"]);
        expect(modifiedRoles(bindings(["a", "x", "y"], ["b", "x"]), bindings(["b", "x"], ["a", "y", "x"]))).to.deep.equal([]);
        expect(modifiedRoles(bindings(["a", "x"], ["b", "x"]), bindings(["a", "x", "y"]))).to.deep.equal(["a", "b"]);
        const conditional = { bindings: [{ role: "a", members: ["x"], condition: { title: "t", expression: "true" } }] };
        expect(modifiedRoles(bindings(["a", "x"]), conditional)).to.deep.equal(["a"]);
    });
});
