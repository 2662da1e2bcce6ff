import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { cutDocument, type FullDocument } from "../../../cloud/discovery/cut-document";
import { SERVED_APIS } from "../../../cloud/discovery/served-methods";
import { testServices } from "../test-api";
import { Ledger } from "../../../cloud/ledger";

const FULL = {
    id: "zoo:v1",
    title: "Zoo API",
    revision: "20260101",
    rootUrl: "https://zoo.googleapis.com/",
    servicePath: "",
    resources: {
        cages: {
            methods: { get: { id: "zoo.cages.get", httpMethod: "GET", path: "v1/{+name}", description: "…", response: { $ref: "Cage" } } },
            resources: {
                animals: {
                    methods: {
                        feed: { id: "zoo.cages.animals.feed", httpMethod: "POST", path: "v1/{+name}:feed", request: { $ref: "Food" } },
                    },
                },
            },
        },
    },
    schemas: {
        Cage: { id: "Cage", type: "object", properties: { animals: { type: "array", items: { $ref: "Animal" }, description: "…" } } },
        Animal: {
            type: "object",
            properties: {
                kind: { type: "string", enum: ["KIND_UNSPECIFIED", "CAT"], enumDescriptions: ["", ""] },
                parent: { $ref: "Animal" },
            },
        },
        Food: { type: "object" },
    },
} as unknown as FullDocument;

describe("cutDocument", () => {
    it("keeps the named methods and the schemas that they use, without descriptions", () => {
        expect(cutDocument(FULL, ["zoo.cages.get"], [{ KIND_UNSPECIFIED: 0, CAT: 3 }])).to.deep.equal({
            ...{ id: "zoo:v1", title: "Zoo API", revision: "20260101", host: "zoo.googleapis.com", servicePath: "" },
            methods: { "zoo.cages.get": { httpMethod: "GET", path: "v1/{+name}", parameters: {} } },
            schemas: {
                Cage: { type: "object", properties: { animals: { type: "array", items: { $ref: "Animal" } } } },
                Animal: {
                    type: "object",
                    properties: {
                        kind: { type: "string", enum: ["KIND_UNSPECIFIED", "CAT"], numbers: [0, 3] },
                        parent: { $ref: "Animal" },
                    },
                },
            },
        });
    });

    it("finds methods of nested resources, and refuses missing ones", () => {
        expect(Object.keys(cutDocument(FULL, ["zoo.cages.animals.feed"], []).schemas)).to.deep.equal(["Food"]);
        expect(() => cutDocument(FULL, ["zoo.cages.lock"], [])).to.throw("zoo:v1 has no method zoo.cages.lock");
    });
});

describe("the discovery documents", () => {
    it("contain the methods that the sandbox serves, and each has a handler", () => {
        const folder = mkdtempSync(path.join(tmpdir(), "documents-"));
        const ledger = Ledger.open(path.join(folder, "ledger.json"));
        const services = testServices(ledger);
        rmSync(folder, { recursive: true });
        const methods = services.map(({ document }) => Object.keys(document.methods).sort());
        expect(methods).to.have.deep.members(SERVED_APIS.map(({ methods }) => [...methods].sort()));
        expect(services.map(({ handlers }) => Object.keys(handlers).sort())).to.deep.equal(methods);
    });
});
