import { expect } from "chai";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Access } from "../../../cloud/access/access";
import { Identities, serviceAccount } from "../../../cloud/access/identities";
import { serveReviews } from "../../../cluster/access/reviews";
import { freePort } from "../../registry/private-registry";

const CLUSTER = "projects/p/locations/us-central1/clusters/c";
const VIEWER = "viewer@p.iam.gserviceaccount.com";
const WORKFLOW = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/w/subject/main";
const REPOSITORY = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/w/attribute.repository/o/r";

describe("reviews for the API servers of clusters", () => {
    const identities = new Identities(() => "the-owner");
    let address: string;

    before(async () => {
        const port = await freePort();
        address = `http://127.0.0.1:${port}/${CLUSTER}`;
        const grants: Access["grants"] = ({ member, memberOf = [] }, permission, { service, name }) =>
            service === "container.googleapis.com" &&
            name === CLUSTER &&
            permission === "container.pods.list" &&
            (member === `serviceAccount:${VIEWER}` || memberOf.includes(REPOSITORY));
        await serveReviews({ port, identities, access: { grants } });
    });

    async function reviewed(kind: "TokenReview" | "SubjectAccessReview", spec: object): Promise<unknown> {
        const response = await fetch(address, { method: "POST", body: JSON.stringify({ apiVersion: "v1", kind, spec }) });
        const { status, ...review } = (await response.json()) as { status: unknown };
        expect(review).to.deep.equal({ apiVersion: "v1", kind });
        return status;
    }
    const may = (user: string, verb: string, groups: readonly string[] = []) =>
        reviewed("SubjectAccessReview", { user, groups, resourceAttributes: { verb, version: "v1", resource: "pods" } });

    it("know a service account by its email address", async () => {
        const { accessToken } = identities.issue(serviceAccount(VIEWER), 60);
        const { memberOf } = serviceAccount(VIEWER);
        expect(await reviewed("TokenReview", { token: accessToken })).to.deep.equal({
            authenticated: true,
            user: { username: VIEWER, groups: memberOf },
        });
    });

    it("authenticate neither unknown and expired tokens nor the owner, who has a user in the cluster", async () => {
        const { accessToken } = identities.issue(serviceAccount(VIEWER), 0);
        for (const token of [accessToken, "unknown", "", "the-owner"]) {
            expect(await reviewed("TokenReview", { token })).to.deep.equal({ authenticated: false });
        }
    });

    it("allow what a role grants on the cluster, and name the missing permission", async () => {
        expect(await may(VIEWER, "list")).to.deep.equal({ allowed: true });
        expect(await may(VIEWER, "create")).to.deep.equal({
            allowed: false,
            reason: 'requires one of ["container.pods.create"] permission(s).',
        });
    });

    it("allow a federated principal what a role grants to its sets", async () => {
        const { accessToken } = identities.issue({ member: WORKFLOW, memberOf: [REPOSITORY] }, 60);
        expect(await reviewed("TokenReview", { token: accessToken })).to.deep.equal({
            authenticated: true,
            user: { username: WORKFLOW, groups: [REPOSITORY] },
        });
        expect(await may(WORKFLOW, "list", [REPOSITORY])).to.deep.equal({ allowed: true });
        expect(await may(WORKFLOW, "list")).to.have.property("allowed", false);
    });

    it("go on after a request that ends early, and after one that is no review", async () => {
        const { port, pathname } = new URL(address);
        const socket = connect(Number(port), "127.0.0.1");
        socket.write(`POST ${pathname} HTTP/1.1\r\nhost: reviews\r\ncontent-length: 100\r\n\r\n{`);
        await delay(50);
        socket.destroy();
        await delay(50);
        expect((await fetch(address, { method: "POST", body: "{" })).status).to.equal(400);
        expect(await may(VIEWER, "list")).to.deep.equal({ allowed: true });
    });

    it("have no opinion on users of Kubernetes, and on paths that are not resources", async () => {
        expect(await may("system:serviceaccount:default:app", "list", [REPOSITORY])).to.deep.equal({ allowed: false });
        const path = { user: VIEWER, nonResourceAttributes: { verb: "get", path: "/metrics" } };
        expect(await reviewed("SubjectAccessReview", path)).to.deep.equal({ allowed: false });
    });
});
