import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { existingBuckets, keptBucket } from "../../../components/training/kept-bucket";
import { record } from "../recorded";

const BUCKET = "gcp:storage/bucket:Bucket";

/** The answer of `storage.getBucket` for the only existing bucket. */
const answering = (labels: Record<string, string>) => ({
    call: ({ name }: Record<string, unknown>) => {
        if (name !== "runs") {
            throw new Error("googleapi: Error 404: The specified bucket does not exist., notFound");
        }
        return { labels };
    },
});

const labelled = (stack: string, project: string) => ({ "ml-platform-stack": stack, "ml-platform-project": project });

describe("a bucket that the stack creates", () => {
    class Parent extends pulumi.ComponentResource {}

    const made = (exists: boolean) =>
        record((options) => keptBucket("training-runs", "runs", "EU", exists, new Parent("test:index:Parent", "parent", {}, options)));

    it("has the labels of its stack, and adds none to an older bucket", async () => {
        const { inputs, options } = (await made(false)).one(BUCKET, "training-runs");
        expect(inputs.labels).to.deep.equal(labelled("test", "ml-platform"));
        expect(options.ignoreChanges).to.deep.equal(["labels"]);
        expect(options).not.to.have.property("import");
    });

    it("is imported if it exists", async () => {
        expect((await made(true)).one(BUCKET, "training-runs").options.import).to.equal("runs");
    });

    /** The names of the existing buckets, or the reason for a refusal. */
    async function found(labels: Record<string, string>): Promise<unknown> {
        let answer: unknown;
        await record(async () => {
            answer = await existingBuckets(["other", "runs"]).catch((error: unknown) => error);
        }, answering(labels));
        return answer;
    }

    it("is looked up; an unreadable one counts as missing", async () => {
        expect(await found({})).to.deep.equal(["runs"]);
        expect(await found({ team: "vision" })).to.deep.equal(["runs"]);
        expect(await found(labelled("test", "ml-platform"))).to.deep.equal(["runs"]);
    });

    it("is refused if another stack created it", async () => {
        const refusal = await found(labelled("eu", "ml-platform"));
        expect(refusal).to.be.instanceOf(pulumi.RunError);
        expect((refusal as Error).message).to.equal(
            "Bucket runs was created by stack eu of Pulumi project ml-platform. Name another bucket, or leave out create: true to use this one as it is. " +
                "To take over what a deleted stack left: gcloud storage buckets update gs://runs --remove-labels=ml-platform-stack,ml-platform-project",
        );
        expect(String(await found(labelled("test", "vision")))).to.include("stack test of Pulumi project vision");
    });
});
