import { expect } from "chai";
import type { JsonObject } from "../../../../cloud/json";
import { toBody, toInputs } from "../../../../providers/gcp/mapped/properties";

const MAPPING = { notInBody: ["project", "deletionPolicy"], keyed: { cleanupPolicies: "id" } };
const NAMES = ["project", "deletionPolicy", "cleanupPolicies", "description", "labels", "dockerConfig", "scanning"];

const inputs = {
    project: "p",
    cleanupPolicies: [
        { id: "b", action: "KEEP" },
        { id: "a", action: "DELETE" },
    ],
    dockerConfig: { immutableTags: false },
    labels: { team: "ml" },
    scanning: { config: "INHERITED" },
};
const body = {
    cleanupPolicies: { a: { action: "DELETE" }, b: { action: "KEEP" } },
    dockerConfig: {},
    labels: { team: "ml", "goog-pulumi-provisioned": "true" },
    scanning: { config: "INHERITED", state: "ACTIVE" },
};

function read(now: JsonObject, given: JsonObject = inputs, imported = false): JsonObject {
    return toInputs(now, given, MAPPING, NAMES, ["scanning"], imported);
}

describe("toBody", () => {
    it("returns the body that the official provider sends", () => {
        const sent = { ...body, dockerConfig: { immutableTags: false }, scanning: { config: "INHERITED" } };
        expect(toBody(inputs, MAPPING, true)).to.deep.equal(sent);
        expect(toBody({ project: "p", description: "x" }, MAPPING, false)).to.deep.equal({ description: "x" });
    });
});

describe("toInputs", () => {
    it("returns the program's own inputs if nothing changed", () => {
        expect(read(body)).to.deep.equal(inputs);
    });

    it("returns values that others changed, added and removed", () => {
        const changed = {
            cleanupPolicies: { b: { action: "DELETE" }, c: { action: "KEEP" } },
            description: "by hand",
            labels: { team: "web", owner: "ann" },
            scanning: { config: "DISABLED" },
        };
        expect(read(changed)).to.deep.equal({
            project: "p",
            cleanupPolicies: [
                { id: "b", action: "DELETE" },
                { id: "c", action: "KEEP" },
            ],
            description: "by hand",
            labels: { team: "web" },
            scanning: { config: "DISABLED" },
        });
    });

    it("returns defaults of the API only for properties that the program sets", () => {
        expect(read(body, {})).to.have.all.keys("cleanupPolicies", "dockerConfig");
    });

    it("returns the labels of an import, without those of the provider", () => {
        expect(read(body, { project: "p" }, true).labels).to.deep.equal({ team: "ml" });
    });
});
