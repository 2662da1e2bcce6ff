import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Access } from "../../cloud/access/access";
import { ANYBODY, type Identity, serviceAccount } from "../../cloud/access/identities";
import { projectNumber } from "../../cloud/generated";
import { Ledger } from "../../cloud/ledger";
import { parseScope, whyDenied } from "../../registry/access";

describe("access to the registry", () => {
    for (const [scope, access] of [
        ["repository:library/python:pull", { type: "repository", name: "library/python", actions: ["pull"] }],
        ["repository:a-docker.pkg.dev/p/r/i:pull,push", { type: "repository", name: "a-docker.pkg.dev/p/r/i", actions: ["pull", "push"] }],
        ["repository(plugin):a/b:pull", { type: "repository", name: "a/b", actions: ["pull"] }],
        ["registry:catalog:*", { type: "registry", name: "catalog", actions: ["*"] }],
        ["repository:a:", { type: "repository", name: "a", actions: [] }],
        ["repository:a", undefined],
        ["repository::pull", undefined],
        ["a b", undefined],
        ["", undefined],
    ] as const) {
        it(`reads the scope "${scope}"`, () => {
            expect(parseScope(scope)).to.deep.equal(access);
        });
    }

    const puller = serviceAccount("nodes@prod.iam.gserviceaccount.com");
    const pusher = serviceAccount("deploy@p.iam.gserviceaccount.com");
    let folder: string;
    let ledger: Ledger;

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "registry-access-"));
        ledger = Ledger.open(path.join(folder, "ledger.json"));
    });
    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    function grant(id: string, role: string, member: string): void {
        const time = "2026-01-01T00:00:00Z";
        const fixed = { uuid: id, status: "RUNNING", provisioned: {}, createdAt: time, updatedAt: time } as const;
        ledger.put({ ...fixed, type: "Any", id, inputs: {}, policy: { bindings: [{ role, members: [member] }] } });
    }
    const denied = (caller: Identity, scope: string): string | undefined => {
        const access = parseScope(scope);
        if (access === undefined) {
            throw new Error(`${scope} is no scope`);
        }
        return whyDenied(caller, access, new Access(ledger));
    };
    const REPOSITORY = "projects/p/locations/us/repositories/r";
    const refusal = (permission: string, resource: string): string =>
        `Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.${permission}" on resource "${resource}" (or it may not exist)`;
    const refusalOf = (permission: string): string =>
        `Permission "artifactregistry.repositories.${permission}" denied on resource "${REPOSITORY}" (or it may not exist)`;

    it("is everything for the owner", () => {
        for (const scope of ["repository:us-central1-docker.pkg.dev/p/r/i:pull,push,delete", "registry:catalog:*"]) {
            expect(denied({}, scope)).to.equal(undefined);
        }
    });

    it("is nothing for a service account without a role", () => {
        expect(denied(puller, "repository:us-docker.pkg.dev/p/r/i:pull")).to.equal(refusalOf("downloadArtifacts"));
        expect(denied(puller, "repository:library/python:pull")).to.equal(undefined);
        expect(denied(puller, "repository:library/python:pull,push")).to.contain("uploadArtifacts");
    });

    it("is what the roles of a service account in the repository and its project allow", () => {
        grant(REPOSITORY, "roles/artifactregistry.reader", puller.member ?? "");
        grant("projects/p", "roles/artifactregistry.writer", pusher.member ?? "");
        expect(denied(puller, "repository:us-docker.pkg.dev/p/r/i:pull")).to.equal(undefined);
        expect(denied(puller, "repository:us-docker.pkg.dev/p/r/i:pull,push")).to.equal(refusalOf("uploadArtifacts"));
        expect(denied(puller, "repository:us-docker.pkg.dev/p/r-2/i:pull")).to.contain("downloadArtifacts");
        expect(denied(pusher, "repository:us-docker.pkg.dev/p/r/i:pull,push")).to.equal(undefined);
        expect(denied(pusher, "repository:us-docker.pkg.dev/p/r/i:delete")).to.equal(refusalOf("deleteArtifacts"));
    });

    it("is granted to all service accounts of a project at once, such as the nodes of another environment", () => {
        const all = `principalSet://cloudresourcemanager.googleapis.com/projects/${projectNumber("prod")}/type/ServiceAccount`;
        grant(REPOSITORY, "roles/artifactregistry.reader", all);
        expect(denied(puller, "repository:us-docker.pkg.dev/p/r/i:pull")).to.equal(undefined);
        expect(denied(pusher, "repository:us-docker.pkg.dev/p/r/i:pull")).to.equal(refusalOf("downloadArtifacts"));
    });

    it("needs no credentials if a repository grants it to everybody, but does if the grant is to all Google accounts", () => {
        grant(REPOSITORY, "roles/artifactregistry.reader", "allUsers");
        expect(denied(ANYBODY, "repository:us-docker.pkg.dev/p/r/i:pull")).to.equal(undefined);
        grant(REPOSITORY, "roles/artifactregistry.reader", "allAuthenticatedUsers");
        expect(denied(ANYBODY, "repository:us-docker.pkg.dev/p/r/i:pull")).to.equal(refusal("downloadArtifacts", REPOSITORY));
        expect(denied(puller, "repository:us-docker.pkg.dev/p/r/i:pull")).to.equal(undefined);
    });

    it("is pulling what stands in for Docker Hub, and nothing else, without credentials", () => {
        expect(denied(ANYBODY, "repository:library/python:pull")).to.equal(undefined);
        for (const [scope, permission, resource] of [
            ["repository:library/python:pull,push", "uploadArtifacts", "library/python"],
            ["repository:library/python:delete", "deleteArtifacts", "library/python"],
            ["repository:us-central1-docker.pkg.dev/p/r/i:pull", "downloadArtifacts", "projects/p/locations/us-central1/repositories/r"],
            ["repository:us-docker.pkg.dev/p/r/a/b:push", "uploadArtifacts", "projects/p/locations/us/repositories/r"],
            [
                "repository:europe-docker.pkg.dev/example.com/p/r/i:pull",
                "downloadArtifacts",
                "projects/example.com:p/locations/europe/repositories/r",
            ],
            ["repository:notlibrary/python:pull", "downloadArtifacts", "notlibrary/python"],
            ["repository:p/library/python:pull", "downloadArtifacts", "p/library/python"],
            ["registry:library/python:pull", "downloadArtifacts", "library/python"],
            ["registry:catalog:*", "downloadArtifacts", "catalog"],
        ] as const) {
            expect(denied(ANYBODY, scope), scope).to.equal(refusal(permission, resource));
        }
    });
});
