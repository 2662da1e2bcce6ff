import { expect } from "chai";
import { appliesInClusters } from "../../../cloud/access/kubernetes-roles";

const READ = "container.deployments.get";
const WRITE = "container.deployments.update";
const GRANT = "container.clusterRoleBindings.create";
const SECRET = "container.secrets.get";
const LOGS = "container.pods.getLogs";

describe("roles inside of clusters", () => {
    for (const [role, granted] of [
        ["roles/owner", [READ, LOGS, WRITE, SECRET, GRANT]],
        ["roles/editor", [READ, LOGS, WRITE, SECRET]],
        ["roles/viewer", [READ, LOGS]],
        ["roles/container.admin", [READ, LOGS, WRITE, SECRET, GRANT]],
        ["roles/container.developer", [READ, LOGS, WRITE, SECRET]],
        ["roles/container.viewer", [READ]],
        ["roles/container.clusterAdmin", []],
        ["roles/container.clusterViewer", []],
    ] as const) {
        it(`${role} allows ${granted.length === 0 ? "nothing" : granted.join(", ")}`, () => {
            expect([READ, LOGS, WRITE, SECRET, GRANT].filter((permission) => appliesInClusters(role, permission))).to.deep.equal(granted);
        });
    }

    it("grant no permissions of Google's API", () => {
        expect(appliesInClusters("roles/container.developer", "container.clusters.delete")).to.equal(false);
        expect(appliesInClusters("roles/owner", "compute.networks.create")).to.equal(false);
    });
});
