import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

const PARENT = "secretmanager.googleapis.com/v1/projects/p/secrets";
const AUTOMATIC = { replication: { automatic: {} } };

describe("secrets", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const create = (id: string, body: object = AUTOMATIC) => api.call("POST", `${PARENT}?secretId=${id}`, body);
    const add = (data: string) =>
        api.call("POST", `${PARENT}/token:addVersion`, { payload: { data: Buffer.from(data).toString("base64") } });
    const stripped = (text: string) => text.replace(/projects\/\d{12}/g, "projects/N");

    for (const [what, id, body, message] of [
        ["no ID", "", AUTOMATIC, "The provided Secret ID [] does not match the expected format [[a-zA-Z_0-9]+]"],
        ["a full stop", "a.b", AUTOMATIC, "The provided Secret ID [a.b] does not match the expected format [[a-zA-Z_0-9]+]"],
        ["an empty body", "a", {}, "Secret must be provided."],
        ["no replication", "a", { labels: { team: "ml" } }, "Secret.replication must have either automatic or user_managed."],
        [
            "two replications",
            "a",
            { replication: { automatic: {}, userManaged: { replicas: [{ location: "us-east1" }] } } },
            "Secret.replication must have either automatic or user_managed.",
        ],
        ["no replicas", "a", { replication: { userManaged: {} } }, "Secret.replication.user_managed must have at least one replica."],
        [
            "a rotation without topics",
            "a",
            { ...AUTOMATIC, rotation: { rotationPeriod: "3600s" } },
            "A secret with a rotation must have at least one topic.",
        ],
        ["a past end", "a", { ...AUTOMATIC, expireTime: "2020-01-01T00:00:00Z" }, "Secret.expire_time must be in the future."],
        [
            "aliases of no version",
            "a",
            { ...AUTOMATIC, versionAliases: { live: 1 } },
            "Secret.version_aliases cannot be set on a secret without versions.",
        ],
        [
            "an unknown field",
            "a",
            { ...AUTOMATIC, value: "x" },
            `Invalid JSON payload received. Unknown name "value" at 'secret': Cannot find field.`,
        ],
    ] as const) {
        it(`are refused with ${what}`, async () => {
            expect(await api.refusal("POST", `${PARENT}?secretId=${id}`, body)).to.equal(`400 INVALID_ARGUMENT: ${message}`);
            expect(api.ledger.list()).to.deep.equal([]);
        });
    }

    it("get Google's defaults, and an expiry time from a time to live", async () => {
        const { body } = await create("token", { ...AUTOMATIC, ttl: "3600s", labels: { team: "ml" } });
        expect(Object.keys(body).sort()).to.deep.equal(["createTime", "etag", "expireTime", "labels", "name", "replication"]);
        expect(Math.round((Date.parse(String(body.expireTime)) - Date.parse(String(body.createTime))) / 1000)).to.equal(3600);
    });

    it("keep their replication, and require a mask for a change", async () => {
        await create("token");
        expect(await api.refusal("PATCH", `${PARENT}/token?updateMask=replication`, {})).to.contain(
            "Secret.replication cannot be updated.",
        );
        expect(await api.refusal("PATCH", `${PARENT}/token`, {})).to.contain("The update_mask must be specified.");
        expect(await api.refusal("PATCH", `${PARENT}/token?updateMask=version_aliases`, { versionAliases: { live: 3 } })).to.contain(
            "does not exist",
        );
    });

    it("number their versions from 1, and never reuse a number", async () => {
        await create("token");
        const names = [];
        for (const data of ["a", "b"]) {
            names.push(stripped(String((await add(data)).body.name)));
        }
        await api.call("POST", `${PARENT}/token/versions/2:destroy`);
        names.push(stripped(String((await add("c")).body.name)));
        expect(names).to.deep.equal([1, 2, 3].map((number) => `projects/N/secrets/token/versions/${number}`));
        await api.call("DELETE", `${PARENT}/token`);
        expect(api.ledger.list()).to.deep.equal([]);
        await create("token");
        expect(stripped(String((await add("d")).body.name))).to.equal("projects/N/secrets/token/versions/1");
    });

    it("return a version by its alias, and by the project number", async () => {
        await create("token");
        const { body } = await add("a");
        await add("b");
        expect((await api.call("PATCH", `${PARENT}/token?updateMask=version_aliases`, { versionAliases: { live: 1 } })).status).to.equal(
            200,
        );
        for (const at of [`${PARENT}/token/versions/live`, `secretmanager.googleapis.com/v1/${String(body.name)}`]) {
            const { body: answer } = await api.call("GET", `${at}:access`);
            expect(answer.payload).to.deep.equal({ data: "YQ==", dataCrc32c: "3251651376" });
        }
        expect(stripped(await api.refusal("GET", `${PARENT}/token/versions/9`))).to.equal(
            "404 NOT_FOUND: Secret Version [projects/N/secrets/token/versions/9] not found.",
        );
    });

    it("verify payloads", async () => {
        await create("token");
        const at = `${PARENT}/token:addVersion`;
        expect(await api.refusal("POST", at, {})).to.equal("400 INVALID_ARGUMENT: Secret Payload cannot be empty.");
        expect(await api.refusal("POST", at, { payload: { data: "YQ==", dataCrc32c: "1" } })).to.contain("does not match the checksum");
        const { body } = await api.call("POST", at, { payload: { data: "YQ==", dataCrc32c: "3251651376" } });
        expect(body.clientSpecifiedPayloadChecksum).to.equal(true);
        const large = Buffer.alloc(64 * 1024 + 1).toString("base64");
        expect(await api.refusal("POST", at, { payload: { data: large } })).to.contain("must have at most 65536 bytes, not 65537.");
        expect(stripped(await api.refusal("POST", `${PARENT}/none:addVersion`, { payload: { data: "YQ==" } }))).to.equal(
            "404 NOT_FOUND: Secret [projects/N/secrets/none] not found.",
        );
    });

    it("delay the destruction of versions, until a version is enabled again", async () => {
        await create("token", { ...AUTOMATIC, versionDestroyTtl: "86400s" });
        await add("a");
        const { body } = await api.call("POST", `${PARENT}/token/versions/1:destroy`);
        expect([body.state, typeof body.scheduledDestroyTime]).to.deep.equal(["DISABLED", "string"]);
        const { body: enabled } = await api.call("POST", `${PARENT}/token/versions/1:enable`);
        expect([enabled.state, enabled.scheduledDestroyTime]).to.deep.equal(["ENABLED", undefined]);
    });

    it("delete the value of a destroyed version", async () => {
        await create("token");
        await add("hush");
        await api.call("POST", `${PARENT}/token/versions/1:destroy`);
        expect(JSON.stringify(api.ledger.list())).not.to.contain(Buffer.from("hush").toString("base64"));
    });
});
