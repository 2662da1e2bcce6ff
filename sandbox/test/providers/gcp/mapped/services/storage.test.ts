import { expect } from "chai";
import { diffInputs } from "../../../../../providers/gcp/diff";
import { MappedProvider, refusal } from "../mapped-provider";

const BUCKET = "gcp:storage/bucket:Bucket";
const MEMBER = "gcp:storage/bucketIAMMember:BucketIAMMember";
const ROLE = "roles/storage.objectUser";

const bucket = {
    ...{ project: "p", name: "checkpoints", location: "us-central1", labels: { team: "ml" }, forceDestroy: false },
    ...{ uniformBucketLevelAccess: true, publicAccessPrevention: "enforced", versioning: { enabled: true }, requesterPays: false },
    lifecycleRules: [
        { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 7, withState: "ARCHIVED" } },
        { action: { type: "SetStorageClass", storageClass: "NEARLINE" }, condition: { age: 30, matchesPrefixes: ["runs/"] } },
    ],
    cors: [{ methods: ["GET"], origins: ["*"], responseHeaders: ["etag"], maxAgeSeconds: 60 }],
    softDeletePolicy: { retentionDurationSeconds: 604800 },
    retentionPolicy: { retentionPeriod: "60" },
};
const grant = (name: string, member = "user:ann@example.com") => ({ bucket: name, role: ROLE, member });

describe("storage", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    it("creates a bucket through Google's API", async () => {
        const { id, outputs } = await gcp.create(BUCKET, bucket);
        expect([id, outputs.url, outputs.location, outputs.storageClass, outputs.projectNumber]).to.deep.equal([
            ...["checkpoints", "gs://checkpoints", "US-CENTRAL1", "STANDARD"],
            outputs.projectNumber,
        ]);
        expect(outputs.effectiveLabels).to.deep.equal({ "goog-pulumi-provisioned": "true", team: "ml" });
        const [entry] = gcp.ledger.list();
        expect([entry?.type, entry?.id, entry?.provisioned.project]).to.deep.equal(["storage.googleapis.com/Bucket", "checkpoints", "p"]);
        expect(entry?.inputs).to.deep.equal({
            ...{ location: "US-CENTRAL1", labels: { "goog-pulumi-provisioned": "true", team: "ml" }, versioning: { enabled: true } },
            iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: "enforced" },
            billing: { requesterPays: false },
            lifecycle: {
                rule: [
                    { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 7, isLive: false } },
                    { action: { type: "SetStorageClass", storageClass: "NEARLINE" }, condition: { age: 30, matchesPrefix: ["runs/"] } },
                ],
            },
            cors: [{ method: ["GET"], origin: ["*"], responseHeader: ["etag"], maxAgeSeconds: 60 }],
            softDeletePolicy: { retentionDurationSeconds: "604800" },
            retentionPolicy: { retentionPeriod: "60" },
        });
    });

    it("reads the program's inputs, and imports the bucket", async () => {
        await gcp.create(BUCKET, bucket);
        expect((await gcp.read(BUCKET, "checkpoints", bucket))?.inputs).to.deep.equal({ ...bucket, __defaults: [] });
        const imported = (await gcp.read(BUCKET, "checkpoints"))?.inputs ?? {};
        expect(imported).to.include({ name: "checkpoints", project: "p", location: "US-CENTRAL1" });
        expect(diffInputs(BUCKET, imported, bucket).changes).to.deep.equal([]);
    });

    it("sends changed fields, and clears removed ones", async () => {
        await gcp.create(BUCKET, bucket);
        const { lifecycleRules: _, cors: __, ...without } = bucket;
        const after = { ...without, labels: { owner: "ann" }, versioning: { enabled: false } };
        const outputs = await gcp.update(BUCKET, "checkpoints", bucket, after);
        expect([outputs.labels, outputs.lifecycleRules, outputs.versioning]).to.deep.equal([
            { owner: "ann" },
            undefined,
            { enabled: false },
        ]);
        const [entry] = gcp.ledger.list();
        expect([entry?.inputs.labels, entry?.inputs.lifecycle, entry?.provisioned.metageneration]).to.deep.equal([
            { "goog-pulumi-provisioned": "true", owner: "ann" },
            undefined,
            "2",
        ]);
        await gcp.update(BUCKET, "checkpoints", after, { ...after, forceDestroy: true });
        expect(gcp.ledger.list()[0]?.provisioned.metageneration).to.equal("2");
        await gcp.delete(BUCKET, "checkpoints", after);
        expect(gcp.ledger.list()).to.deep.equal([]);
    });

    it("reports a name that another project uses", async () => {
        await gcp.create(BUCKET, { ...bucket, project: "q" });
        expect(await refusal(gcp.create(BUCKET, bucket))).to.match(/^googleapi: Error 409: The requested bucket name is not available\./);
    });

    for (const [edit, change, reasons, replaces] of [
        ["another versioning", { versioning: { enabled: false } }, ["versioning"], false],
        ["another age in a rule", { lifecycleRules: [{ action: { type: "Delete" }, condition: { age: 60 } }] }, ["lifecycleRules"], false],
        ["another forceDestroy", { forceDestroy: true }, ["forceDestroy"], false],
        ["another name", { name: "other" }, ["name"], true],
        ["another region", { location: "us-east1" }, ["location"], true],
        ["the region in upper case", { location: "US-CENTRAL1" }, [], false],
        ["explicit defaults", { storageClass: "STANDARD" }, [], false],
        ["omitted defaults", { forceDestroy: undefined }, [], false],
        ["omitted fields that Google fills in", { publicAccessPrevention: undefined, softDeletePolicy: undefined }, [], false],
        ["another class", { storageClass: "NEARLINE" }, ["storageClass"], false],
    ] as const) {
        it(`finds the same difference as the official provider for ${edit}`, () => {
            const after = Object.fromEntries(Object.entries({ ...bucket, ...change }).filter(([, value]) => value !== undefined));
            const { changes } = diffInputs(BUCKET, bucket, after);
            expect([[...new Set(changes.map(({ path }) => path[0]))], changes.some((change) => change.replaces)]).to.deep.equal([
                reasons,
                replaces,
            ]);
        });
    }

    it("adds roles to the policy of the bucket, and keeps Google's initial bindings", async () => {
        await gcp.create(BUCKET, bucket);
        const people = Array.from({ length: 5 }, (_, position) => `user:person-${position}@example.com`);
        const made = await Promise.all(people.map((member) => gcp.create(MEMBER, grant("checkpoints", member))));
        expect(made[0]?.id).to.equal(`b/checkpoints/${ROLE}/user:person-0@example.com`);
        const roles = () =>
            (gcp.ledger.list()[0]?.policy?.bindings as { role: string; members: string[] }[]).map(({ role, members }) => [
                role,
                members.length,
            ]);
        expect(roles()).to.deep.include([ROLE, 5]).and.to.have.length(5);
        const read = await gcp.read(MEMBER, `b/checkpoints/${ROLE}/user:person-1@example.com`);
        expect(read?.inputs).to.include({ bucket: "checkpoints", role: ROLE, member: "user:person-1@example.com" });
        await Promise.all(people.map((member) => gcp.delete(MEMBER, `b/checkpoints/${ROLE}/${member}`, grant("checkpoints", member))));
        expect(roles().map(([role]) => role)).not.to.include(ROLE);
        expect(
            diffInputs(MEMBER, grant("checkpoints"), { ...grant("checkpoints"), role: "roles/storage.objectViewer" }).changes,
        ).to.deep.equal([{ path: ["role"], kind: "update", replaces: true }]);
    });

    it("creates the bucket that a program requires, and tells the user", async () => {
        await gcp.provider.configure({ project: "p" });
        await gcp.create(MEMBER, grant("made-by-hand"));
        expect(gcp.ledger.list().map(({ id, provisioned }) => [id, provisioned.project])).to.deep.equal([["made-by-hand", "p"]]);
        expect(gcp.notes).to.deep.equal(["the sandbox created bucket made-by-hand, which the program expects to exist"]);
        await gcp.create(MEMBER, grant("made-by-hand", "user:bob@example.com"));
        expect(gcp.notes).to.have.length(1);
    });

    it("finds the bucket that a killed engine created", async () => {
        await gcp.create(BUCKET, bucket);
        expect([gcp.existingId(BUCKET, bucket), gcp.existingId(BUCKET, { ...bucket, labels: {} })]).to.deep.equal([
            "checkpoints",
            undefined,
        ]);
    });
});
