import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Cloud } from "../../cloud/cloud";
import type { JsonObject } from "../../cloud/json";
import { Ledger } from "../../cloud/ledger";

const TOPIC = "gcp:pubsub/topic:Topic";
const ALERT = "gcp:monitoring/alertPolicy:AlertPolicy";

describe("Cloud", () => {
    let folder: string;
    let ledger: Ledger;
    let cloud: Cloud;

    /** The cloud after a restart: what is in memory is gone. */
    function restarted(): Cloud {
        ledger = Ledger.open(path.join(folder, "ledger.json"));
        return new Cloud({ ledger, registry: "127.0.0.1:5000" });
    }

    function created(type: string, inputs: JsonObject): string {
        const { id } = cloud.create(type, inputs);
        cloud.claim(type, id);
        return id;
    }

    /** Returns the message of the error that work ends with. */
    function refusal(work: () => unknown): string {
        try {
            work();
        } catch (error) {
            return (error as Error).message;
        }
        throw new Error("it succeeded");
    }

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "cloud-"));
        cloud = restarted();
    });

    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    it("creates, reads, changes and deletes", () => {
        const id = created(TOPIC, { project: "p", name: "data" });
        expect(cloud.read(TOPIC, id).outputs.name).to.equal("data");
        cloud.update(TOPIC, id, { project: "p", name: "data", labels: { a: "b" } });
        expect(cloud.read(TOPIC, id).outputs.effectiveLabels).to.deep.equal({ "goog-pulumi-provisioned": "true", a: "b" });
        cloud.delete(TOPIC, id);
        expect(cloud.list()).to.deep.equal([]);
    });

    it("refuses unknown types and missing resources", () => {
        expect(refusal(() => cloud.create("gcp:sql/databaseInstance:DatabaseInstance", {}))).to.equal(
            "googleapi: Error 400: the simulated cloud does not support the type gcp:sql/databaseInstance:DatabaseInstance, badRequest",
        );
        expect(() => cloud.read(TOPIC, "none")).to.throw("googleapi: Error 404: The resource 'none' was not found, notFound");
        expect(refusal(() => cloud.update(TOPIC, "none", {}))).to.contain("Error 404");
        expect(refusal(() => cloud.delete(TOPIC, "none"))).to.contain("Error 404");
    });

    it("refuses a duplicate, and keeps the inputs of the existing resource", () => {
        const id = created(TOPIC, { project: "p", name: "data", description: "first" });
        const answer = refusal(() => cloud.create(TOPIC, { project: "p", name: "data", description: "second" }));
        expect(answer).to.equal(`googleapi: Error 409: Already exists: ${id}, alreadyExists`);
        expect(cloud.read(TOPIC, id).inputs.description).to.equal("first");
    });

    it("refuses a location that does not exist", () => {
        const answer = refusal(() => cloud.create(TOPIC, { project: "p", name: "data", location: "us-centrl1" }));
        expect(answer).to.contain("Error 403: Permission denied on 'locations/us-centrl1'");
        expect(cloud.list()).to.deep.equal([]);
    });

    describe("after a crash", () => {
        it("returns a resource with a lost response when it is created again, with the new inputs", () => {
            cloud.create(TOPIC, { project: "p", name: "data", description: "first" });
            const after = restarted();
            const view = after.create(TOPIC, { project: "p", name: "data", description: "second" });
            expect([view.inputs.description, after.list().length]).to.deep.equal(["second", 1]);
            after.claim(TOPIC, view.id);
            expect(refusal(() => after.create(TOPIC, { project: "p", name: "data" }))).to.contain("Error 409");
        });

        it("does the same for generated IDs if the inputs are equal", () => {
            const alert = { project: "p", displayName: "errors", combiner: "OR" };
            const { id } = cloud.create(ALERT, alert);
            const after = restarted();
            expect(after.create(ALERT, alert).id).to.equal(id);
            expect(after.create(ALERT, { ...alert, combiner: "AND" }).id).not.to.equal(id);
        });
    });
});
