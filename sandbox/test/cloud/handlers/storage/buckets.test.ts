import { expect } from "chai";
import { projectNumber } from "../../../../cloud/generated";
import type { Entry } from "../../../../cloud/ledger";
import { ApiUnderTest } from "../../test-api";

const HOST = "storage.googleapis.com/storage/v1";
const BUCKETS = `${HOST}/b?project=p`;

describe("buckets", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    /** Status, reason and message of an error. */
    async function refusal(method: string, at: string, body?: unknown): Promise<string> {
        const { status, body: answer } = await api.call(method, at, body);
        const { error } = answer as { error?: { message: string; errors: readonly { reason: string }[] } };
        return `${status} ${error?.errors[0]?.reason ?? ""}: ${error?.message ?? ""}`;
    }

    it("get Google's defaults", async () => {
        const body = { name: "data", location: "us", iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } };
        const { status, body: bucket } = await api.call("POST", BUCKETS, { ...body, versioning: { enabled: false } });
        const { timeCreated, updated, generation, projectNumber, softDeletePolicy, iamConfiguration, ...rest } = bucket;
        const access = (iamConfiguration as { uniformBucketLevelAccess: { lockedTime: string } }).uniformBucketLevelAccess;
        expect({ status, ...rest }).to.deep.equal({
            ...{ status: 200, kind: "storage#bucket", selfLink: "https://www.googleapis.com/storage/v1/b/data", id: "data", name: "data" },
            ...{
                metageneration: "1",
                location: "US",
                storageClass: "STANDARD",
                etag: "CAE=",
                locationType: "multi-region",
                rpo: "DEFAULT",
            },
            versioning: { enabled: false },
        });
        expect(projectNumber).to.match(/^\d{12}$/);
        expect(generation).to.match(/^\d{16}$/);
        expect([timeCreated, (softDeletePolicy as { retentionDurationSeconds: string }).retentionDurationSeconds]).to.deep.equal([
            updated,
            "604800",
        ]);
        expect(iamConfiguration).to.deep.equal({
            ...{ bucketPolicyOnly: access, uniformBucketLevelAccess: access, publicAccessPrevention: "inherited" },
        });
        const days = (Date.parse(access.lockedTime) - Date.now()) / (24 * 60 * 60 * 1000);
        expect(Math.ceil(days)).to.equal(90);
    });

    for (const [what, body, message] of [
        ["no name", {}, "400 invalid: Invalid bucket name: ''"],
        ["capital letters", { name: "Data" }, "400 invalid: Invalid bucket name: 'Data'"],
        ["an address", { name: "192.168.5.4" }, "400 invalid: Invalid bucket name: '192.168.5.4'"],
        ["Google's name", { name: "my-g00gle-data" }, "400 invalid: Invalid bucket name: 'my-g00gle-data'"],
        ["two full stops", { name: "a..b" }, "400 invalid: Invalid bucket name: 'a..b'"],
        ["64 characters", { name: "a".repeat(64) }, `400 invalid: Invalid bucket name: '${"a".repeat(64)}'`],
        ["an unknown location", { name: "data", location: "us-centrl1" }, "400 invalid: The specified location constraint is not valid."],
        ["a zone", { name: "data", location: "us-central1-a" }, "400 invalid: The specified location constraint is not valid."],
        [
            "one region of a pair",
            { name: "data", location: "US", customPlacementConfig: { dataLocations: ["us-east1"] } },
            "400 invalid: A custom placement configuration must have two regions of a multi-region.",
        ],
        ["an unknown class", { name: "data", storageClass: "COLD" }, "400 invalid: Invalid storage class: 'COLD'"],
        [
            "a rule without a condition",
            { name: "data", lifecycle: { rule: [{ action: { type: "Delete" }, condition: {} }] } },
            "400 invalid: A lifecycle management rule must have at least one condition.",
        ],
        [
            "an unknown action",
            { name: "data", lifecycle: { rule: [{ action: { type: "Archive" }, condition: { age: 1 } }] } },
            "400 invalid: Invalid lifecycle action: 'Archive'",
        ],
        [
            "soft deletion for an hour",
            { name: "data", softDeletePolicy: { retentionDurationSeconds: 3600 } },
            "400 invalid: Soft delete policy retention duration must be 0, or between 7 and 90 days.",
        ],
        [
            "retention of nothing",
            { name: "data", retentionPolicy: { retentionPeriod: 0 } },
            "400 invalid: Retention period must be greater than 0 and at most 100 years.",
        ],
        [
            "an unknown field",
            { name: "data", versions: {} },
            `400 invalid: Invalid JSON payload received. Unknown name "versions" at 'bucket': Cannot find field.`,
        ],
        ["a label in capitals", { name: "data", labels: { Team: "ml" } }, /^400 invalid: Label key 'Team' violates format constraints/],
    ] as const) {
        it(`are refused with ${what}`, async () => {
            const answer = await refusal("POST", BUCKETS, body);
            expect(answer).to.match(
                typeof message === "string" ? new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`) : message,
            );
            expect(api.ledger.list()).to.deep.equal([]);
        });
    }

    it("accept long names with full stops, dual regions and disabled soft deletion", async () => {
        const name = `${"a".repeat(63)}.${"b".repeat(63)}.example.com`;
        const placed = { location: "us", customPlacementConfig: { dataLocations: ["US-EAST1", "US-WEST1"] } };
        const { body } = await api.call("POST", BUCKETS, { name, ...placed, softDeletePolicy: { retentionDurationSeconds: 0 } });
        expect([body.locationType, (body.softDeletePolicy as { retentionDurationSeconds: string }).retentionDurationSeconds]).to.deep.equal(
            ["dual-region", "0"],
        );
    });

    it("belong to projects with a service agent", async () => {
        const { body } = await api.call("GET", "storage.googleapis.com/storage/v1/projects/p/serviceAccount");
        expect(body).to.deep.equal({
            kind: "storage#serviceAccount",
            email_address: `service-${projectNumber("p")}@gs-project-accounts.iam.gserviceaccount.com`,
        });
    });

    it("require a project", async () => {
        expect(await refusal("POST", `${HOST}/b`, { name: "data" })).to.equal("400 invalid: Required parameter: project");
    });

    it("are reported as missing by every method", async () => {
        for (const [method, at, body] of [
            ["GET", "b/none", undefined],
            ["PATCH", "b/none", {}],
            ["DELETE", "b/none", undefined],
            ["GET", "b/none/iam", undefined],
            ["PUT", "b/none/iam", {}],
            ["GET", "b/none/o", undefined],
            ["GET", "b/none/iam/testPermissions?permissions=storage.buckets.get", undefined],
        ] as const) {
            expect(await refusal(method, `${HOST}/${at}`, body)).to.equal("404 notFound: The specified bucket does not exist.");
        }
    });

    it("change by merge patch: null clears a field, other fields stay, and the metageneration increases", async () => {
        await api.call("POST", BUCKETS, { name: "data", labels: { a: "1", b: "2" }, website: { mainPageSuffix: "index.html" } });
        const { body } = await api.call("PATCH", `${HOST}/b/data`, { labels: { a: null, c: "3" }, website: null });
        expect([body.labels, body.website, body.metageneration, body.etag]).to.deep.equal([{ b: "2", c: "3" }, undefined, "2", "CAI="]);
        const { body: replaced } = await api.call("PUT", `${HOST}/b/data`, { versioning: { enabled: true } });
        expect([replaced.labels, replaced.versioning, replaced.location]).to.deep.equal([undefined, { enabled: true }, "US"]);
    });

    it("keep their location", async () => {
        await api.call("POST", BUCKETS, { name: "data" });
        expect(await refusal("PATCH", `${HOST}/b/data`, { location: "EU" })).to.equal(
            "400 invalid: Cannot change the location of bucket 'data'.",
        );
    });

    it("can disable uniform access within 90 days only", async () => {
        const uniform = (enabled: boolean) => ({ iamConfiguration: { uniformBucketLevelAccess: { enabled } } });
        await api.call("POST", BUCKETS, { name: "data", ...uniform(true) });
        expect((await api.call("PATCH", `${HOST}/b/data`, uniform(false))).status).to.equal(200);
        await api.call("PATCH", `${HOST}/b/data`, uniform(true));
        const [entry] = api.ledger.list();
        api.ledger.put({ ...(entry as Entry), provisioned: { ...entry?.provisioned, lockedTime: "2020-01-01T00:00:00Z" } });
        expect(await refusal("PATCH", `${HOST}/b/data`, uniform(false))).to.match(
            /^400 invalid: Cannot disable uniform bucket-level access/,
        );
    });

    it("are reported as not modified if the caller has the current metageneration", async () => {
        await api.call("POST", BUCKETS, { name: "data" });
        expect((await api.call("GET", `${HOST}/b/data?ifMetagenerationNotMatch=1`)).status).to.equal(304);
        expect(await refusal("DELETE", `${HOST}/b/data?ifMetagenerationMatch=2`)).to.match(/^412 conditionNotMet: /);
        expect((await api.call("DELETE", `${HOST}/b/data?ifMetagenerationMatch=1`)).status).to.equal(204);
    });

    it("refuse access control lists under uniform access", async () => {
        const body = { name: "data", iamConfiguration: { bucketPolicyOnly: { enabled: true } } };
        expect(await refusal("POST", `${BUCKETS}&predefinedAcl=publicRead`, body)).to.match(/^400 invalid: Cannot use ACL API/);
    });
});
