import { expect } from "chai";
import { permissionFor } from "../../../cluster/access/kubernetes-permissions";

describe("the IAM permission of a Kubernetes request", () => {
    for (const [attributes, permission] of [
        [{ verb: "list", resource: "pods" }, "container.pods.list"],
        [{ verb: "watch", resource: "configmaps" }, "container.configMaps.list"],
        [{ verb: "patch", group: "apps", resource: "deployments" }, "container.deployments.update"],
        [{ verb: "deletecollection", group: "batch", resource: "cronjobs" }, "container.cronJobs.delete"],
        [{ verb: "get", resource: "pods", subresource: "log" }, "container.pods.getLogs"],
        [{ verb: "create", resource: "pods", subresource: "eviction" }, "container.pods.evict"],
        [{ verb: "patch", group: "apps", resource: "deployments", subresource: "status" }, "container.deployments.updateStatus"],
        [{ verb: "get", group: "apps", resource: "statefulsets", subresource: "scale" }, "container.statefulSets.getScale"],
        [{ verb: "create", resource: "serviceaccounts", subresource: "token" }, "container.serviceAccounts.createToken"],
        [{ verb: "escalate", group: "rbac.authorization.k8s.io", resource: "clusterroles" }, "container.clusterRoles.escalate"],
        [{ verb: "create", group: "kueue.x-k8s.io", resource: "localqueues" }, "container.thirdPartyObjects.create"],
        [{ verb: "get", group: "example.com", resource: "jobs" }, "container.thirdPartyObjects.get"],
    ] as const) {
        it(`is ${permission} to ${Object.values(attributes).join(" ")}`, () => {
            expect(permissionFor(attributes)).to.equal(permission);
        });
    }
});
