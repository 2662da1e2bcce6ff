import { expect } from "chai";
import { readTriggers } from "../../builds/trigger";
import { triggerOf } from "./triggers";

const type = "cloudbuild.googleapis.com/BuildTrigger";
const entryOf = (inputs: object) => ({ type, id: "projects/p/locations/us-central1/triggers/0f8fad5b", inputs });
const withoutNames = ({ id: _, project: __, location: ___, ...inputs }: ReturnType<typeof triggerOf>) => inputs;

describe("readTriggers", () => {
    it("finds the triggers among the resources", () => {
        const triggers = [triggerOf({}), triggerOf({ name: "tags" })];
        const bucket = { type: "storage.googleapis.com/Bucket", id: "b", inputs: {} };
        const ledger = [bucket, ...triggers.map((trigger) => entryOf(withoutNames(trigger)))];
        expect(readTriggers(ledger)).to.deep.equal(triggers);
    });

    it("refuses a trigger with an unsupported field, and names the field", () => {
        const refused = (inputs: object) => () => readTriggers([entryOf(inputs)]);
        expect(refused({ ...withoutNames(triggerOf({})), ignoredFiles: ["x"] })).to.throw(
            'The trigger build uses a field that the sandbox does not support: Unrecognized key: "ignoredFiles"',
        );
        const { build } = triggerOf({});
        const [step] = build.steps;
        expect(refused({ ...withoutNames(triggerOf({})), build: { ...build, steps: [{ ...step, entrypoint: "bash" }] } })).to.throw(
            'build: steps: 0: Unrecognized key: "entrypoint"',
        );
        expect(
            refused({ ...withoutNames(triggerOf({})), github: { owner: "o", name: "n", push: { branch: ".*", invertRegex: true } } }),
        ).to.throw("github: push");
    });
});
