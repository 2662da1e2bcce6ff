import { expect } from "chai";
import { permissionsOf, permissionsOfRole } from "../../../cloud/access/permissions";
import { TYPE_METHODS } from "../../../cloud/access/type-methods";
import { SERVED_APIS } from "../../../cloud/discovery/served-methods";

describe("permissions", () => {
    it("are known for every method that the sandbox serves", () => {
        for (const method of SERVED_APIS.flatMap(({ methods }) => methods)) {
            expect(permissionsOf(method)).to.be.an("array");
        }
    });

    it("are known for the methods of every type", () => {
        const methods = Object.values(TYPE_METHODS).flatMap((methods) => Object.values<string>({ ...methods }));
        for (const method of methods) {
            expect(permissionsOf(method)).to.have.length.above(0);
        }
        expect(() => permissionsOf("compute.networks.explode")).to.throw("permissions.json does not contain compute.networks.explode");
    });

    it("are empty for methods that every caller may use", () => {
        expect(permissionsOf("cloudresourcemanager.projects.testIamPermissions")).to.deep.equal([]);
        expect(permissionsOf("artifactregistry.projects.locations.operations.get")).to.deep.equal([]);
    });

    it("of a role match Google's list", () => {
        expect(permissionsOfRole("roles/iam.serviceAccountUser")).to.include("iam.serviceAccounts.actAs");
        expect(permissionsOfRole("roles/viewer")).to.include("artifactregistry.repositories.get");
        expect(permissionsOfRole("roles/viewer")).to.not.include("artifactregistry.repositories.create");
        expect(permissionsOfRole("roles/containeranalysis.occurrences.viewer"))
            .to.include("containeranalysis.occurrences.list")
            .and.not.to.include("containeranalysis.occurrences.create");
        expect(permissionsOfRole("roles/none")).to.deep.equal([]);
    });
});
