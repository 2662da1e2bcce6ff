import { expect } from "chai";
import { readTriggers } from "../../../commands/push/trigger";
import { triggerOf } from "./triggers";

const type = "gcp:cloudbuild/trigger:Trigger";

describe("readTriggers", () => {
    it("finds the triggers among the resources", () => {
        const triggers = [triggerOf({}), triggerOf({ name: "tags" })];
        const ledger = [{ type: "gcp:storage/bucket:Bucket", inputs: {} }, ...triggers.map((inputs) => ({ type, inputs }))];
        expect(readTriggers(ledger)).to.deep.equal(triggers);
    });

    it("refuses a trigger with an unsupported field, and names the field", () => {
        const refused = (inputs: object) => () => readTriggers([{ type, inputs }]);
        expect(refused({ ...triggerOf({}), ignoredFiles: ["x"] })).to.throw(
            'The trigger build uses a field that the sandbox does not support: Unrecognized key: "ignoredFiles"',
        );
        const { build } = triggerOf({});
        const [step] = build.steps;
        expect(refused({ ...triggerOf({}), build: { ...build, steps: [{ ...step, entrypoint: "bash" }] } })).to.throw(
            'build: steps: 0: Unrecognized key: "entrypoint"',
        );
        expect(refused({ ...triggerOf({}), github: { owner: "o", name: "n", push: { branch: ".*", invertRegex: true } } })).to.throw(
            "github: push",
        );
    });
});
