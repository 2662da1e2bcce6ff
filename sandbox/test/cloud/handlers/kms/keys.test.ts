import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

const HOST = "cloudkms.googleapis.com/v1";
const RING = "projects/p/locations/europe-west1/keyRings/ml";
const KEY = `${RING}/cryptoKeys/state`;
const PURPOSE = { purpose: "ENCRYPT_DECRYPT" };

describe("keys", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        await api.call("POST", `${HOST}/projects/p/locations/europe-west1/keyRings?keyRingId=ml`, {});
    });

    afterEach(() => {
        api.stop();
    });

    const create = (body: object, query = "") => api.refusal("POST", `${HOST}/${RING}/cryptoKeys?cryptoKeyId=state${query}`, body);

    it("require a ring with a valid name in an existing location", async () => {
        const ring = (location: string, id: string) =>
            api.refusal("POST", `${HOST}/projects/p/locations/${location}/keyRings?keyRingId=${id}`, {});
        expect(await ring("europe-west1", "a.b")).to.contain("400 INVALID_ARGUMENT: Invalid key_ring_id 'a.b'");
        expect(await ring("us-centrl1", "a")).to.contain("403 PERMISSION_DENIED: Permission denied on 'locations/us-centrl1'");
        expect(await ring("global", "a")).to.equal("200 : ");
        expect(await api.refusal("POST", `${HOST}/projects/p/locations/global/keyRings/none/cryptoKeys?cryptoKeyId=k`, PURPOSE)).to.equal(
            "404 NOT_FOUND: KeyRing projects/p/locations/global/keyRings/none not found.",
        );
    });

    for (const [what, body, message] of [
        ["no purpose", {}, "The purpose of a CryptoKey must be specified."],
        [
            "an hourly rotation",
            { ...PURPOSE, rotationPeriod: "3600s", nextRotationTime: "2040-01-01T00:00:00Z" },
            "The rotation period must be at least 24 hours.",
        ],
        [
            "a rotation without a beginning",
            { ...PURPOSE, rotationPeriod: "86400s" },
            "The next rotation time must be set if the rotation period is set.",
        ],
        [
            "a rotation of a signing key",
            { purpose: "ASYMMETRIC_SIGN", rotationPeriod: "86400s", nextRotationTime: "2040-01-01T00:00:00Z" },
            "Automatic rotation is only supported for keys with purpose ENCRYPT_DECRYPT.",
        ],
        [
            "a destruction at once",
            { ...PURPOSE, destroyScheduledDuration: "60s" },
            "The destroy scheduled duration must be between 24 hours and 120 days.",
        ],
        [
            "a period in minutes",
            { ...PURPOSE, rotationPeriod: "60m" },
            `Invalid value at 'crypto_key.rotation_period' (type.googleapis.com/google.protobuf.Duration), "60m"`,
        ],
    ] as const) {
        it(`are refused with ${what}`, async () => {
            expect(await create(body)).to.equal(`400 INVALID_ARGUMENT: ${message}`);
        });
    }

    it("keep their purpose", async () => {
        await create(PURPOSE);
        expect(await api.refusal("PATCH", `${HOST}/${KEY}?updateMask=purpose`, { purpose: "MAC" })).to.equal(
            "400 INVALID_ARGUMENT: The field 'purpose' of a CryptoKey is immutable.",
        );
    });

    it("have no method that deletes", async () => {
        await create(PURPOSE);
        expect(await api.refusal("DELETE", `${HOST}/${KEY}`)).to.match(/^501 UNIMPLEMENTED: /);
        expect(await api.refusal("DELETE", `${HOST}/${RING}`)).to.match(/^501 UNIMPLEMENTED: /);
    });

    it("can be created without a version, and then do not encrypt", async () => {
        await create(PURPOSE, "&skipInitialVersionCreation=true");
        expect(await api.refusal("POST", `${HOST}/${KEY}:encrypt`, { plaintext: "YQ==" })).to.equal(
            `400 FAILED_PRECONDITION: ${KEY} has no primary version.`,
        );
    });

    it("destroy versions after 30 days or the key's own period, and only once", async () => {
        await create({ ...PURPOSE, destroyScheduledDuration: "86400s" });
        const at = `${HOST}/${KEY}/cryptoKeyVersions/1:destroy`;
        const { body } = await api.call("POST", at, {});
        expect([body.state, Math.round((Date.parse(String(body.destroyTime)) - Date.now()) / 3_600_000)]).to.deep.equal([
            "DESTROY_SCHEDULED",
            24,
        ]);
        expect(await api.refusal("POST", at, {})).to.equal(
            `400 FAILED_PRECONDITION: The request cannot be fulfilled. Resource ${KEY}/cryptoKeyVersions/1 has value DESTROY_SCHEDULED in field crypto_key_version.state.`,
        );
    });

    it("verify checksums of what they encrypt", async () => {
        await create(PURPOSE);
        expect(await api.refusal("POST", `${HOST}/${KEY}:encrypt`, { plaintext: "YQ==", plaintextCrc32c: "1" })).to.contain(
            "The checksum in field plaintext_crc32c did not match the data in field plaintext.",
        );
        const { body } = await api.call("POST", `${HOST}/${KEY}:encrypt`, { plaintext: "YQ==", plaintextCrc32c: "3251651376" });
        expect(body.verifiedPlaintextCrc32c).to.equal(true);
        const { body: ofNoData } = await api.call("POST", `${HOST}/${KEY}:encrypt`, {
            plaintext: "YQ==",
            additionalAuthenticatedDataCrc32c: "0",
        });
        expect(ofNoData.verifiedAdditionalAuthenticatedDataCrc32c).to.equal(true);
        expect(await api.refusal("POST", `${HOST}/${KEY}:decrypt`, { ciphertext: "YQ==" })).to.contain("Decryption failed");
    });

    it("have allow policies, like their rings", async () => {
        await create(PURPOSE);
        const policy = { bindings: [{ role: "roles/cloudkms.cryptoKeyEncrypterDecrypter", members: ["user:ann@example.com"] }] };
        for (const name of [RING, KEY]) {
            expect((await api.call("POST", `${HOST}/${name}:setIamPolicy`, { policy })).body.bindings).to.deep.equal(policy.bindings);
        }
        expect(await api.refusal("GET", `${HOST}/${RING}/cryptoKeys/none:getIamPolicy`)).to.equal(
            `404 NOT_FOUND: CryptoKey ${RING}/cryptoKeys/none not found.`,
        );
    });
});
