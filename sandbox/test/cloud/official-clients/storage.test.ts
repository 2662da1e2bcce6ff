import { Storage } from "@google-cloud/storage";
import { expect } from "chai";
import { OAuth2Client } from "google-auth-library";
import { ApiUnderTest, TOKEN } from "../test-api";

describe("@google-cloud/storage", () => {
    let api: ApiUnderTest;
    let storage: Storage;

    const clientOf = (projectId: string): Storage => {
        // The client uses an older google-auth-library, in which headers are plain objects.
        const getRequestHeaders = () => Promise.resolve({ authorization: `Bearer ${TOKEN}` });
        const authClient = Object.assign(new OAuth2Client(), { getRequestHeaders });
        const endpoint = { apiEndpoint: `${api.url}/storage.googleapis.com`, useAuthWithCustomEndpoint: true };
        return new Storage({ ...endpoint, authClient: authClient as never, projectId, retryOptions: { autoRetry: false } });
    };

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        storage = clientOf("p");
    });

    afterEach(() => {
        api.stop();
    });

    async function refusal(work: Promise<unknown>): Promise<unknown> {
        return work.then(
            () => undefined,
            (error: unknown) => error,
        );
    }

    it("creates, gets, lists, updates and deletes buckets", async () => {
        const [bucket] = await storage.createBucket("checkpoints", {
            location: "us-central1",
            iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
        });
        await storage.createBucket("archive", { location: "EU", storageClass: "COLDLINE" });
        const [{ location, storageClass, metageneration }] = await bucket.getMetadata();
        expect([location, storageClass, metageneration]).to.deep.equal(["US-CENTRAL1", "STANDARD", "1"]);
        const [first, next] = await storage.getBuckets({ maxResults: 1, autoPaginate: false });
        expect([first.map(({ name }) => name), typeof next]).to.deep.equal([["archive"], "object"]);
        expect((await storage.getBuckets())[0].map(({ name }) => name)).to.deep.equal(["archive", "checkpoints"]);
        await bucket.setLabels({ team: "ml", owner: "ann" });
        await bucket.deleteLabels("owner");
        await bucket.addLifecycleRule({ action: { type: "Delete" }, condition: { age: 30 } });
        const [changed] = await bucket.getMetadata();
        expect([changed.labels, changed.lifecycle]).to.deep.equal([
            { team: "ml" },
            { rule: [{ action: { type: "Delete" }, condition: { age: 30 } }] },
        ]);
        await bucket.delete();
        expect(await bucket.exists()).to.deep.equal([false]);
    });

    it("reports names that it or another project already uses", async () => {
        await storage.createBucket("data");
        expect(await refusal(storage.createBucket("data"))).to.include({
            code: 409,
            message: "Your previous request to create the named bucket succeeded and you already own it.",
        });
        expect(await refusal(clientOf("q").createBucket("data")))
            .to.have.property("message")
            .that.matches(/^The requested bucket name is not available\./);
        expect((await clientOf("q").getBuckets())[0]).to.deep.equal([]);
    });

    it("reports preconditions that are not met", async () => {
        const [bucket] = await storage.createBucket("data");
        await bucket.setMetadata({ labels: { a: "b" } }, { ifMetagenerationMatch: 1 });
        const late = await refusal(bucket.setMetadata({ labels: { a: "c" } }, { ifMetagenerationMatch: 1 }));
        expect(late).to.include({ code: 412 });
        expect((late as { errors: unknown }).errors).to.deep.equal([
            {
                message: "At least one of the pre-conditions you specified did not hold.",
                domain: "global",
                reason: "conditionNotMet",
            },
        ]);
    });

    it("reads and writes allow policies", async () => {
        const [bucket] = await storage.createBucket("data");
        const [policy] = await bucket.iam.getPolicy({ requestedPolicyVersion: 3 });
        expect(policy.bindings.map(({ role }) => role)).to.deep.equal([
            "roles/storage.legacyBucketOwner",
            "roles/storage.legacyBucketReader",
        ]);
        policy.bindings.push({ role: "roles/storage.objectViewer", members: ["user:ann@example.com"] });
        const [set] = await bucket.iam.setPolicy(policy);
        expect(set.bindings).to.deep.include({ role: "roles/storage.objectViewer", members: ["user:ann@example.com"] });
        expect(await refusal(bucket.iam.setPolicy({ ...policy, etag: "CAE=" }))).to.include({ code: 412 });
        expect((await bucket.iam.testPermissions(["storage.buckets.get"]))[0]).to.deep.equal({ "storage.buckets.get": true });
    });

    it("locks a retention policy, which can only grow from then on", async () => {
        const [bucket] = await storage.createBucket("data");
        await bucket.setRetentionPeriod(100);
        const [{ metageneration }] = await bucket.getMetadata();
        expect(metageneration).to.equal("2");
        await bucket.lock("2");
        expect(await refusal(bucket.setRetentionPeriod(10))).to.include({
            code: 403,
            message: "Cannot reduce retention duration of a locked Retention Policy for bucket 'data'.",
        });
        expect(await refusal(bucket.removeRetentionPeriod())).to.include({ code: 403 });
        await bucket.setRetentionPeriod(1000);
    });

    it("is refused if it sends no credentials, its default for a custom endpoint", async () => {
        const anonymous = new Storage({
            apiEndpoint: `${api.url}/storage.googleapis.com`,
            projectId: "p",
            retryOptions: { autoRetry: false },
        });
        const error = await refusal(anonymous.createBucket("bucket"));
        expect(error).to.include({ code: 401 });
        expect((error as Error).message).to.match(/^Request is missing required authentication credential\./);
    });
});
