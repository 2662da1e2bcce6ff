import { expect } from "chai";
import { findRoutes, routesOf, serviceOf } from "../../../cloud/api/routes";
import type { Document } from "../../../cloud/discovery/document";
import cloudBuild from "../../../cloud/discovery/documents/cloudbuild.v1.json";
import document from "../../../cloud/discovery/documents/artifactregistry.v1.json";

const routes = routesOf([document as Document]);
const NAME = "projects/p/locations/us/repositories/r";

function found(method: string, pathname: string): unknown {
    const [match] = findRoutes(routes, { pathname }, method);
    return match === undefined ? undefined : [match.route.id.split(".").at(-1), match.path];
}

describe("findRoutes", () => {
    it("distinguishes the methods of a resource", () => {
        expect([
            found("GET", `/v1/${NAME}`),
            found("PATCH", `/v1/${NAME}`),
            found("GET", `/v1/${NAME}:getIamPolicy`),
            found("GET", "/v1/projects/p/locations/us/repositories"),
        ]).to.deep.equal([
            ["get", { name: NAME }],
            ["patch", { name: NAME }],
            ["getIamPolicy", { resource: NAME }],
            ["list", { parent: "projects/p/locations/us" }],
        ]);
    });

    it("decodes names, and accepts a slash at the end", () => {
        expect(found("GET", "/v1/projects/example.com%3Ap/locations/us/repositories/r/")).to.deep.equal([
            "get",
            { name: "projects/example.com:p/locations/us/repositories/r" },
        ]);
    });

    for (const at of [`/v2/${NAME}`, `/v1/${NAME}/files`, "/v1/projects/p/repositories/r", "/"]) {
        it(`finds no route at ${at}`, () => {
            expect(found("GET", at)).to.equal(undefined);
        });
    }
});

describe("findRoutes at a bare path", () => {
    it("finds the operation methods of all services, and only one if the address names the service", () => {
        const both = routesOf([document as Document, cloudBuild as Document]);
        const pathname = "/v1/projects/p/locations/us-central1/operations/o";
        const hosts = (service: { service?: string }) =>
            findRoutes(both, { ...service, pathname }, "GET").map(({ route }) => route.document.host);
        expect(hosts({})).to.deep.equal(["artifactregistry.googleapis.com", "cloudbuild.googleapis.com"]);
        expect(hosts({ service: "cloudbuild.googleapis.com" })).to.deep.equal(["cloudbuild.googleapis.com"]);
    });

    it("prefers a custom method to a resource with the same path", () => {
        expect(findRoutes(routes, { pathname: `/v1/${NAME}:getIamPolicy` }, "GET").map(({ route }) => route.id)).to.deep.equal([
            "artifactregistry.projects.locations.repositories.getIamPolicy",
        ]);
    });
});

describe("serviceOf", () => {
    it("reads the service from the path, otherwise from the host", () => {
        expect([
            serviceOf("127.0.0.1:80", "/storage.googleapis.com/storage/v1/b"),
            serviceOf("iam.googleapis.com", "/v1/x"),
            serviceOf("localhost", "/v1/x"),
        ]).to.deep.equal([
            { service: "storage.googleapis.com", pathname: "/storage/v1/b" },
            { service: "iam.googleapis.com", pathname: "/v1/x" },
            { pathname: "/v1/x" },
        ]);
    });
});
