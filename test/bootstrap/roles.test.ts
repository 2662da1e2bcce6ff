import { readFileSync } from "node:fs";
import { expect } from "chai";
import { deployGrants, GRANTED_ROLES, ownState, PREVIEW_GRANTS } from "../../bootstrap/roles";
import { BuildTrigger } from "../../components/images/trigger/build-trigger";
import { GpuCluster } from "../../components/cluster/gpu-cluster";
import { ArtifactRegistry } from "../../components/registry/artifact-registry";
import { methods as reads, roles as readRoles } from "../components/iam.json";
import { record } from "../components/recorded";
import { build, cluster, images, registry } from "../components/settings";
import { methods, roles } from "./iam.json";

const HOME = "my-project";
const GRANTS = deployGrants({ home: HOME });

/** Permissions that no method asks for: of pushes to the registry, and of nodes and builds that run as a service account. */
const OTHER = ["artifactregistry.repositories.uploadArtifacts", "iam.serviceAccounts.actAs"];
const NEEDED = [...new Set([...Object.values(methods).flat(), ...OTHER])].sort();

const held = (grants: readonly { readonly role: string }[], table: Readonly<Record<string, readonly string[]>>): Set<string> =>
    new Set(
        grants.flatMap(({ role }) => {
            const permissions = table[role];
            if (permissions === undefined) {
                throw new Error(`iam.json lacks ${role}`);
            }
            return permissions;
        }),
    );

describe("the roles of the identity that deploys", () => {
    it("hold every permission that creating, changing and deleting a stack asks for", () => {
        const permissions = held(GRANTS, roles);
        expect(NEEDED.filter((permission) => !permissions.has(permission))).to.deep.equal([]);
    });

    for (const { role } of GRANTS) {
        it(`need ${role}`, () => {
            const without = held(
                GRANTS.filter((grant) => grant.role !== role),
                roles,
            );
            expect(NEEDED.some((permission) => !without.has(permission))).to.equal(true);
        });
    }

    it("let it grant the roles that a stack grants in its project, and no others", async () => {
        const project = HOME;
        const network = { network: "links/network", subnetwork: "links/subnet" };
        const { resources } = await record((options) => {
            const repositories = new ArtifactRegistry(
                "registry",
                { ...registry, consumers: ["123456789012"], project, releasedImages: [] },
                options,
            );
            const source = { images, environment: "dev", registry: repositories };
            new BuildTrigger("build", { ...build, ...source, project, region: "us-central1" }, options);
            new GpuCluster(
                "cluster",
                { project, cluster: cluster(), network, images: repositories.images, baseImages: undefined },
                options,
            );
        });
        const granted = resources.filter(({ type }) => type === "gcp:projects/iAMMember:IAMMember").map(({ inputs }) => inputs.role);
        expect([...new Set(granted)].sort()).to.deep.equal(GRANTED_ROLES);
        expect(GRANTS.find(({ role }) => role.endsWith("projectIamAdmin"))?.condition?.expression).to.equal(
            "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/binaryauthorization.attestorsVerifier', 'roles/container.defaultNodeServiceAccount', 'roles/logging.logWriter', 'roles/serviceusage.serviceUsageConsumer', 'roles/storage.objectViewer'])",
        );
    });

    it("leave out the state bucket", () => {
        expect(GRANTS.find(({ role }) => role === "roles/storage.admin")?.condition?.expression).to.equal(
            '!resource.name.startsWith("projects/_/buckets/my-project-pulumi-state")',
        );
    });
});

describe("the roles of the identity that previews and looks for drift", () => {
    const permissions = held(PREVIEW_GRANTS, readRoles);

    for (const [method, needed] of Object.entries(reads)) {
        it(`hold what a refresh by ${method} asks for`, () => {
            expect(needed.filter((permission) => !permissions.has(permission))).to.deep.equal([]);
        });
    }

    it("change nothing", () => {
        const changing = /\.(create|update|delete|setIamPolicy|uploadArtifacts)$/;
        expect([...permissions].filter((permission) => changing.test(permission))).to.deep.equal([]);
    });
});

describe("ownState", () => {
    const expression = ownState({ home: HOME, pulumiProject: "ml-platform", environment: "dev" });
    const prefixes = [...expression.matchAll(/startsWith\("([^"]+)"\)/g)].map(([, prefix]) => prefix ?? "");
    const allows = (object: string) =>
        prefixes.some((prefix) => `projects/_/buckets/my-project-pulumi-state/objects/.pulumi/${object}`.startsWith(prefix));

    it("is the state, history, backups and locks of one stack", () => {
        expect(expression.split(" || ")).to.have.length(4);
        for (const object of [
            "stacks/ml-platform/dev.json",
            "stacks/ml-platform/dev.json.bak",
            "history/ml-platform/dev/dev-1.history.json",
            "backups/ml-platform/dev/dev.1.json",
            "locks/organization/ml-platform/dev/1.json",
        ]) {
            expect(allows(object), object).to.equal(true);
        }
    });

    it("is nothing of a stack whose name begins the same", () => {
        for (const object of [
            "stacks/ml-platform/dev-eu.json",
            "history/ml-platform/dev-eu/1.json",
            "stacks/ml-platform/prod.json",
            "meta.yaml",
        ]) {
            expect(allows(object), object).to.equal(false);
        }
    });
});

describe("the roles in the documentation", () => {
    const table = readFileSync("docs/google-cloud.md", "utf8");
    const rows = [...table.matchAll(/^\| `(roles\/[\w.]+)`\s+\| ([^|]+?)\s*\|/gm)].map(([, role = "", allows]) => ({ role, allows }));

    it("are those that the program grants in a project, and those on its state and its accounts", () => {
        const inProject = [...GRANTS, ...PREVIEW_GRANTS].map(({ role, allows }) => ({ role, allows }));
        const elsewhere = /^roles\/(browser|cloudkms\.cryptoKey\w+|iam\.workloadIdentityUser|storage\.object\w+)$/;
        expect(rows.filter(({ role }) => !elsewhere.test(role))).to.deep.equal(inProject);
        expect(rows.length).to.equal(inProject.length + 6);
    });
});
