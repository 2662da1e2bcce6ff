import { expect } from "chai";
import { diffInputs } from "../../../../../providers/gcp/diff";
import { MappedProvider, refusal } from "../mapped-provider";

const RING = "gcp:kms/keyRing:KeyRing";
const KEY = "gcp:kms/cryptoKey:CryptoKey";
const MEMBER = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember";
const RING_NAME = "projects/p/locations/us-central1/keyRings/ml";
const KEY_NAME = `${RING_NAME}/cryptoKeys/state`;
const ROLE = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

const ring = { project: "p", location: "us-central1", name: "ml" };
const key = { keyRing: RING_NAME, name: "state", rotationPeriod: "7776000s", labels: { team: "ml" } };
const grant = { cryptoKeyId: KEY_NAME, role: ROLE, member: "user:ann@example.com" };

describe("kms", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    it("creates rings and keys; a destroy keeps them, and the next update adopts them", async () => {
        expect((await gcp.create(RING, ring)).id).to.equal(RING_NAME);
        const { id, outputs } = await gcp.create(KEY, key);
        expect([id, (outputs.primaries as { name: string }[])[0]?.name]).to.deep.equal([KEY_NAME, `${KEY_NAME}/cryptoKeyVersions/1`]);
        for (const [type, name, inputs] of [
            [RING, RING_NAME, ring],
            [KEY, KEY_NAME, key],
        ] as const) {
            expect((await gcp.read(type, name, inputs))?.inputs).to.deep.equal({ ...inputs, __defaults: [] });
            expect((await gcp.read(type, name))?.inputs).to.deep.equal({ ...inputs, __defaults: [] });
        }
        await gcp.delete(KEY, KEY_NAME, key);
        await gcp.delete(RING, RING_NAME, ring);
        expect(
            gcp.ledger.list().map(({ type, inputs, provisioned }) => [type.split("/")[1], inputs.rotationPeriod, provisioned.state]),
        ).to.deep.equal([
            ["KeyRing", undefined, undefined],
            ["CryptoKey", undefined, undefined],
            ["CryptoKeyVersion", undefined, "DESTROY_SCHEDULED"],
        ]);
        expect(await refusal(gcp.create(RING, ring))).to.equal(`googleapi: Error 409: KeyRing ${RING_NAME} already exists.`);
        expect(await refusal(gcp.create(KEY, key))).to.equal(`googleapi: Error 409: CryptoKey ${KEY_NAME} already exists.`);
    });

    it("changes the rotation period together with the next rotation time", async () => {
        await gcp.create(RING, ring);
        await gcp.create(KEY, key);
        await gcp.update(KEY, KEY_NAME, key, { ...key, rotationPeriod: "2592000s" });
        const { rotationPeriod, nextRotationTime } = gcp.ledger.list()[1]?.inputs ?? {};
        expect([rotationPeriod, Math.round((Date.parse(nextRotationTime as string) - Date.now()) / 86_400_000)]).to.deep.equal([
            "2592000s",
            30,
        ]);
        const { rotationPeriod: _, ...without } = key;
        await gcp.update(KEY, KEY_NAME, key, without);
        expect(Object.keys(gcp.ledger.list()[1]?.inputs ?? {}).sort()).to.deep.equal(["labels", "purpose"]);
    });

    for (const [edit, change, reasons, replaces] of [
        ["another rotationPeriod", { rotationPeriod: "2592000s" }, ["rotationPeriod"], false],
        ["another ring", { keyRing: "projects/p/locations/us-east1/keyRings/ml" }, ["keyRing"], true],
        ["another purpose", { purpose: "MAC" }, ["purpose"], true],
        ["a default", { purpose: "ENCRYPT_DECRYPT" }, [], false],
    ] as const) {
        it(`finds the same difference as the official provider for ${edit}`, () => {
            const { changes } = diffInputs(KEY, key, { ...key, ...change });
            expect([[...new Set(changes.map(({ path }) => path[0]))], changes.some((change) => change.replaces)]).to.deep.equal([
                reasons,
                replaces,
            ]);
        });
    }

    it("grants roles on keys, and creates the ring and the key that a program requires", async () => {
        const { id } = await gcp.create(MEMBER, grant);
        expect(id).to.equal(`${KEY_NAME}/${ROLE}/user:ann@example.com`);
        expect(gcp.notes.map((note) => note.replace(/, which.*/, ""))).to.deep.equal([
            `the sandbox created key ring ${RING_NAME}`,
            `the sandbox created key ${KEY_NAME}`,
        ]);
        expect((await gcp.read(MEMBER, id))?.inputs).to.deep.equal({ ...grant, condition: undefined, __defaults: [] });
        await gcp.delete(MEMBER, id, grant);
        expect(await gcp.read(MEMBER, id, grant)).to.equal(undefined);
    });

    it("finds the resources that a killed engine created", async () => {
        await gcp.create(RING, ring);
        await gcp.create(KEY, key);
        expect(gcp.existingId(KEY, key)).to.equal(KEY_NAME);
    });
});
