import { expect } from "chai";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { knownValue, Refusal } from "../../../components/config/pulumi-sdk";
import { record } from "../recorded";

describe("Refusal", () => {
    const refusal = new Refusal("ml-platform:cluster is missing");

    it("is an error of which Pulumi prints only the message", () => {
        expect(pulumi.RunError.isInstance(refusal)).to.equal(true);
        expect(refusal.message).to.equal("ml-platform:cluster is missing");
    });

    it("has no stack trace, because Node 20 would spend minutes on it", () => {
        expect(refusal.stack).to.equal(undefined);
        expect(inspect(refusal, { colors: true })).to.not.contain("    at ");
    });
});

/** A resource with an ID that is unknown during preview. */
class Unbuilt extends pulumi.CustomResource {}

describe("knownValue", () => {
    it("is the value of an output", async () => {
        expect(await knownValue(pulumi.output("text"))).to.equal("text");
    });

    it("is undefined while the value is unknown during preview", async () => {
        let id: pulumi.Output<string> | undefined;
        await record(
            (options) => {
                id = new Unbuilt("test:index:Thing", "thing", {}, options).id;
            },
            { preview: true, unknownIds: true },
        );
        expect(id && (await knownValue(id))).to.equal(undefined);
    });
});
