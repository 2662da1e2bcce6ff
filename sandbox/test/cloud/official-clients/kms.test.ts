import { KeyManagementServiceClient } from "@google-cloud/kms";
import { expect } from "chai";
import { ApiUnderTest } from "../test-api";
import { clientOptions, refusal } from "./client-options";

const PARENT = "projects/p/locations/us-central1";
const RING = `${PARENT}/keyRings/ml`;
const KEY = `${RING}/cryptoKeys/state`;

describe("@google-cloud/kms", () => {
    let api: ApiUnderTest;
    let client: KeyManagementServiceClient;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        client = new KeyManagementServiceClient(clientOptions(api));
        await client.createKeyRing({ parent: PARENT, keyRingId: "ml", keyRing: {} });
        await client.createCryptoKey({ parent: RING, cryptoKeyId: "state", cryptoKey: { purpose: "ENCRYPT_DECRYPT" } });
    });

    afterEach(async () => {
        await client.close();
        api.stop();
    });

    it("creates, gets, lists and updates rings and keys, which cannot be deleted", async () => {
        const [key] = await client.getCryptoKey({ name: KEY });
        expect([
            key.primary?.name,
            key.primary?.state,
            key.versionTemplate?.algorithm,
            key.destroyScheduledDuration?.seconds,
        ]).to.deep.equal([...[`${KEY}/cryptoKeyVersions/1`, "ENABLED", "GOOGLE_SYMMETRIC_ENCRYPTION"], "2592000"]);
        expect(await refusal(client.createKeyRing({ parent: PARENT, keyRingId: "ml", keyRing: {} }))).to.contain(
            `KeyRing ${RING} already exists.`,
        );
        const again = client.createCryptoKey({ parent: RING, cryptoKeyId: "state", cryptoKey: { purpose: "ENCRYPT_DECRYPT" } });
        expect(await refusal(again)).to.contain(`CryptoKey ${KEY} already exists.`);
        expect(await refusal(client.getKeyRing({ name: `${PARENT}/keyRings/none` }))).to.contain(
            `KeyRing ${PARENT}/keyRings/none not found.`,
        );
        const [rings] = await client.listKeyRings({ parent: PARENT });
        const [keys] = await client.listCryptoKeys({ parent: RING });
        expect([rings, keys].map((list) => list.map(({ name }) => name))).to.deep.equal([[RING], [KEY]]);
        const [changed] = await client.updateCryptoKey({
            cryptoKey: { name: KEY, rotationPeriod: { seconds: 86400 }, nextRotationTime: { seconds: 4102444800 } },
            updateMask: { paths: ["rotation_period", "next_rotation_time"] },
        });
        expect(changed.rotationPeriod?.seconds).to.equal("86400");
    });

    it("encrypts with the primary version, and decrypts while the version is enabled", async () => {
        const [{ ciphertext }] = await client.encrypt({
            name: KEY,
            plaintext: Buffer.from("hush"),
            additionalAuthenticatedData: Buffer.from("stack"),
        });
        const open = async (aad: string) => {
            const request = { name: KEY, ciphertext: ciphertext ?? null, additionalAuthenticatedData: Buffer.from(aad) };
            const [{ plaintext, usedPrimary }] = await client.decrypt(request);
            return [String(plaintext), usedPrimary];
        };
        expect(await open("stack")).to.deep.equal(["hush", true]);
        expect(await refusal(open("other"))).to.contain("Decryption failed: verify that 'name' refers to the correct CryptoKey.");
        await client.createCryptoKeyVersion({ parent: KEY });
        await client.updateCryptoKeyPrimaryVersion({ name: KEY, cryptoKeyVersionId: "2" });
        expect(await open("stack")).to.deep.equal(["hush", false]);
        await client.destroyCryptoKeyVersion({ name: `${KEY}/cryptoKeyVersions/1` });
        expect(await refusal(open("stack"))).to.contain("is not enabled, current state is: DESTROY_SCHEDULED.");
        const [restored] = await client.restoreCryptoKeyVersion({ name: `${KEY}/cryptoKeyVersions/1` });
        expect(restored.state).to.equal("DISABLED");
        await client.updateCryptoKeyVersion({
            cryptoKeyVersion: { name: `${KEY}/cryptoKeyVersions/1`, state: "ENABLED" },
            updateMask: { paths: ["state"] },
        });
        expect(await open("stack")).to.deep.equal(["hush", false]);
    });
});
