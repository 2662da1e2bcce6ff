import { expect } from "chai";
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

    const denied = (caller: "anonymous" | "authenticated", scope: string): string | undefined => {
        const access = parseScope(scope);
        if (access === undefined) {
            throw new Error(`${scope} is no scope`);
        }
        return whyDenied(caller, access);
    };
    const refusal = (permission: string, resource: string): string =>
        `Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.${permission}" on resource "${resource}" (or it may not exist)`;

    it("is everything with the access token", () => {
        for (const scope of ["repository:us-central1-docker.pkg.dev/p/r/i:pull,push,delete", "registry:catalog:*"]) {
            expect(denied("authenticated", scope)).to.equal(undefined);
        }
    });

    it("is pulling what stands in for Docker Hub, and nothing else, without credentials", () => {
        expect(denied("anonymous", "repository:library/python:pull")).to.equal(undefined);
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
            expect(denied("anonymous", scope), scope).to.equal(refusal(permission, resource));
        }
    });
});
