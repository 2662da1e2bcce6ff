import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { knownValue } from "../../../components/workloads/known-value";
import { record } from "../recorded";

/** A resource whose id a preview does not know. */
class Unbuilt extends pulumi.CustomResource {}

describe("knownValue", () => {
    it("is the value of an output", async () => {
        expect(await knownValue(pulumi.output("text"))).to.equal("text");
    });

    it("is undefined for what a preview cannot know", async () => {
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
