import { expect } from "chai";
import { inspect } from "node:util";
import { RunError } from "@pulumi/pulumi";
import { Refusal } from "../../../components/config/refusal";

describe("Refusal", () => {
    const refusal = new Refusal("ml-platform:cluster is missing");

    it("is an error of which Pulumi prints the message alone", () => {
        expect(RunError.isInstance(refusal)).to.equal(true);
        expect(refusal.message).to.equal("ml-platform:cluster is missing");
    });

    it("has no stack trace, over which Node 20 would spend minutes", () => {
        expect(refusal.stack).to.equal(undefined);
        expect(inspect(refusal, { colors: true })).to.not.contain("    at ");
    });
});
