import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Access } from "../../../sandbox/cloud/access/access";
import { Identities, serviceAccount } from "../../../sandbox/cloud/access/identities";
import { Ledger } from "../../../sandbox/cloud/ledger";
import { KubeApi } from "../../../sandbox/kube/api";
import type { ApiError } from "../../../sandbox/kube/errors";
import { simulatedCluster, type SimulatedCluster } from "./control-plane";

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const SETTINGS = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" } };

describe("Google identities in a cluster", function () {
    this.timeout(5 * 60_000);
    let folder: string;
    let ledger: Ledger;
    let identities: Identities;
    let cluster: SimulatedCluster;

    before(async () => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "cluster-access-"));
        ledger = Ledger.open(path.join(folder, "ledger.json"));
        identities = new Identities(() => "");
        cluster = await simulatedCluster("us-central1-a", 0, { identities, access: new Access(ledger) });
    });
    after(async () => {
        await cluster.stop();
        fs.rmSync(folder, { recursive: true });
    });

    /** A client with the access token of a service account that has a role in the cluster's project. */
    function clientAs(account: string, role?: string): KubeApi {
        const email = `${account}@team-ml.iam.gserviceaccount.com`;
        const time = "2026-01-01T00:00:00Z";
        const fixed = { uuid: "p", status: "RUNNING", provisioned: {}, createdAt: time, updatedAt: time } as const;
        const bindings = role === undefined ? [] : [{ role, members: [`serviceAccount:${email}`] }];
        ledger.put({ ...fixed, type: "Project", id: "projects/team-ml", inputs: {}, policy: { bindings } });
        return new KubeApi({ ...endpoint(), token: identities.issue(serviceAccount(email), 600).accessToken });
    }
    const endpoint = () => {
        const [{ cluster: { server, "certificate-authority-data": ca } } = { cluster: { server: "", "certificate-authority-data": "" } }] =
            (cluster.kubeconfig as { clusters: { cluster: { server: string; "certificate-authority-data": string } }[] }).clusters;
        return { port: Number(new URL(server).port), ca: Buffer.from(ca, "base64").toString() };
    };
    async function refusalOf(work: Promise<unknown>): Promise<string> {
        const error: unknown = await work.then(
            () => undefined,
            (refused: unknown) => refused,
        );
        return `${(error as ApiError).code} ${(error as ApiError).message}`;
    }

    it("with a read-only role can read, and change nothing", async () => {
        const api = clientAs("viewer", "roles/container.viewer");
        expect(await api.get<object>(CONFIG_MAPS)).to.have.property("kind", "ConfigMapList");
        expect(await refusalOf(api.create(CONFIG_MAPS, SETTINGS))).to.equal(
            '403 configmaps is forbidden: User "viewer@team-ml.iam.gserviceaccount.com" cannot create resource "configmaps" in API group "" in the namespace "default": requires one of ["container.configMaps.create"] permission(s).',
        );
        expect(await refusalOf(api.get("/api/v1/namespaces/default/secrets"))).to.contain("container.secrets.list");
        api.close();
    });

    it("without a role inside clusters can do nothing", async () => {
        const api = clientAs("stranger", "roles/container.clusterViewer");
        expect(await refusalOf(api.get(CONFIG_MAPS))).to.contain('requires one of ["container.configMaps.list"] permission(s).');
        api.close();
    });

    it("with the developer role change objects, and grant no roles of Kubernetes", async () => {
        const api = clientAs("developer", "roles/container.developer");
        await api.create(CONFIG_MAPS, SETTINGS);
        await api.delete(`${CONFIG_MAPS}/settings`);
        const roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles";
        const all = { rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }] };
        const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "all" }, ...all };
        expect(await refusalOf(api.create(roles, role))).to.contain("container.roles.create");
        const admin = clientAs("admin", "roles/container.admin");
        await admin.create(roles, role);
        expect(await refusalOf(api.get(CONFIG_MAPS)), "after the policy changed").to.contain("container.configMaps.list");
        api.close();
        admin.close();
    });

    it("have the permissions that a Kubernetes role grants to their email address", async () => {
        const bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings";
        const subject = { kind: "User", name: "member@team-ml.iam.gserviceaccount.com", apiGroup: "rbac.authorization.k8s.io" };
        await cluster.api.create(bindings, {
            apiVersion: "rbac.authorization.k8s.io/v1",
            kind: "RoleBinding",
            metadata: { name: "member" },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
            subjects: [subject],
        });
        const api = clientAs("member");
        expect(await api.get<object>(CONFIG_MAPS)).to.have.property("kind", "ConfigMapList");
        expect(await refusalOf(api.create(CONFIG_MAPS, SETTINGS))).to.contain("container.configMaps.create");
        api.close();
    });

    it("are refused with an expired token", async () => {
        const { accessToken } = identities.issue(serviceAccount("viewer@team-ml.iam.gserviceaccount.com"), 0);
        const api = new KubeApi({ ...endpoint(), token: accessToken });
        expect(await refusalOf(api.get(CONFIG_MAPS))).to.equal("401 Unauthorized");
        api.close();
    });
});
