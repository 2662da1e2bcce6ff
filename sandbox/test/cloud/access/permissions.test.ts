import { expect } from "chai";
import { permissionsOf, roleHas } from "../../../cloud/access/permissions";
import { SERVED_APIS } from "../../../cloud/discovery/served-methods";

describe("permissions", () => {
    it("are known for every method that the sandbox serves", () => {
        for (const method of SERVED_APIS.flatMap(({ methods }) => methods)) {
            expect(permissionsOf(method)).to.be.an("array");
        }
    });

    it("are unknown for other methods", () => {
        expect(() => permissionsOf("compute.networks.explode")).to.throw("permissions.json does not contain compute.networks.explode");
    });

    it("are empty for methods that every caller may use", () => {
        expect(permissionsOf("cloudresourcemanager.projects.testIamPermissions")).to.deep.equal([]);
        expect(permissionsOf("artifactregistry.projects.locations.operations.get")).to.deep.equal([]);
    });

    it("of a role match Google's list", () => {
        expect(roleHas("roles/iam.serviceAccountUser", "iam.serviceAccounts.actAs")).to.equal(true);
        expect(roleHas("roles/viewer", "artifactregistry.repositories.get")).to.equal(true);
        expect(roleHas("roles/viewer", "artifactregistry.repositories.create")).to.equal(false);
        const reader = "roles/containeranalysis.occurrences.viewer";
        expect(roleHas(reader, "containeranalysis.occurrences.list")).to.equal(true);
        expect(roleHas(reader, "containeranalysis.occurrences.create")).to.equal(false);
        expect(roleHas("roles/none", "artifactregistry.repositories.get")).to.equal(false);
    });
});
