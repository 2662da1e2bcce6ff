import { expect } from "chai";
import { permissionsOf, permissionsOfRole } from "../../../cloud/access/permissions";
import { TYPE_METHODS } from "../../../cloud/access/type-methods";
import { SERVED_APIS } from "../../../cloud/discovery/served-methods";

describe("permissions", () => {
    it("are known for every method that the sandbox serves", () => {
        const methods = SERVED_APIS.flatMap(({ methods }) => methods);
        expect(methods.filter((method) => permissionsOf(method) === undefined)).to.deep.equal([]);
    });

    it("are known for the methods of every type", () => {
        const methods = Object.values(TYPE_METHODS).flatMap((methods) => Object.values<string>({ ...methods }));
        expect(methods.filter((method) => permissionsOf(method) === undefined)).to.deep.equal([]);
    });

    it("are none for methods that every caller may use", () => {
        expect(permissionsOf("cloudresourcemanager.projects.testIamPermissions")).to.deep.equal([]);
        expect(permissionsOf("artifactregistry.projects.locations.operations.get")).to.deep.equal([]);
    });

    it("of a role are those of Google's list", () => {
        expect(permissionsOfRole("roles/iam.serviceAccountUser")).to.include("iam.serviceAccounts.actAs");
        expect(permissionsOfRole("roles/viewer")).to.include("artifactregistry.repositories.get");
        expect(permissionsOfRole("roles/viewer")).to.not.include("artifactregistry.repositories.create");
        expect(permissionsOfRole("roles/none")).to.deep.equal([]);
    });
});
