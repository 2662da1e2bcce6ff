import { expect } from "chai";
import { diffInputs } from "../../../../../providers/gcp/diff";
import { MappedProvider } from "../mapped-provider";

const SECRET = "gcp:secretmanager/secret:Secret";
const VERSION = "gcp:secretmanager/secretVersion:SecretVersion";
const MEMBER = "gcp:secretmanager/secretIamMember:SecretIamMember";
const NAME = "projects/p/secrets/token";
const ROLE = "roles/secretmanager.secretAccessor";

const secret = { project: "p", secretId: "token", replication: { auto: {} }, labels: { team: "ml" } };
const version = { secret: NAME, secretData: "hush" };
const grant = { project: "p", secretId: "token", role: ROLE, member: "user:ann@example.com" };

describe("secretManager", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    it("creates, reads, changes, imports and deletes secrets", async () => {
        const { id, outputs } = await gcp.create(SECRET, secret);
        expect([id, outputs.name, outputs.effectiveAnnotations]).to.deep.equal([NAME, outputs.name, {}]);
        expect(outputs.name).to.match(/^projects\/\d{12}\/secrets\/token$/);
        expect(gcp.ledger.list()[0]?.inputs).to.deep.equal({
            ...{ replication: { automatic: {} }, labels: { "goog-pulumi-provisioned": "true", team: "ml" } },
        });
        expect((await gcp.read(SECRET, NAME, secret))?.inputs).to.deep.equal({ ...secret, __defaults: [] });
        expect((await gcp.read(SECRET, NAME))?.inputs).to.deep.equal({ ...secret, __defaults: [] });
        const changed = await gcp.update(SECRET, NAME, secret, { ...secret, labels: { team: "infra" }, ttl: "3600s" });
        expect([changed.labels, changed.ttl, typeof changed.expireTime]).to.deep.equal([{ team: "infra" }, "3600s", "string"]);
        await gcp.delete(SECRET, NAME, secret);
        expect(gcp.ledger.list()).to.deep.equal([]);
    });

    for (const [edit, change, reasons, replaces] of [
        ["other labels", { labels: { team: "infra" } }, ["labels"], false],
        ["another ID", { secretId: "other" }, ["secretId"], true],
        ["another replication", { replication: { userManaged: { replicas: [{ location: "us-east1" }] } } }, ["replication"], true],
        ["a default", { deletionProtection: false }, [], false],
    ] as const) {
        it(`finds the same difference as the official provider for ${edit}`, () => {
            const { changes } = diffInputs(SECRET, secret, { ...secret, ...change });
            expect([[...new Set(changes.map(({ path }) => path[0]))], changes.some((change) => change.replaces)]).to.deep.equal([
                reasons,
                replaces,
            ]);
        });
    }

    it("adds, disables, enables and destroys versions", async () => {
        await gcp.create(SECRET, secret);
        const { id, outputs } = await gcp.create(VERSION, version);
        expect([id, outputs.version, outputs.enabled]).to.deep.equal([outputs.name, "1", true]);
        expect(id).to.match(/^projects\/\d{12}\/secrets\/token\/versions\/1$/);
        expect((await gcp.read(VERSION, id, version))?.inputs).to.deep.equal({ ...version, enabled: undefined, __defaults: [] });
        expect((await gcp.update(VERSION, id, version, { ...version, enabled: false })).enabled).to.equal(false);
        expect((await gcp.read(VERSION, id, version))?.inputs.enabled).to.equal(false);
        await gcp.update(VERSION, id, { ...version, enabled: false }, version);
        await gcp.delete(VERSION, id, version);
        expect(await gcp.read(VERSION, id, version)).to.equal(undefined);
        expect(gcp.ledger.list().map(({ provisioned }) => provisioned.state)).to.deep.equal([undefined, "DESTROYED"]);
        await gcp.delete(VERSION, id, version);
    });

    it("accepts values in base64, and keeps or disables versions if the program requests it", async () => {
        await gcp.create(SECRET, secret);
        const binary = { ...version, secretData: "AAEC", isSecretDataBase64: true };
        const { id } = await gcp.create(VERSION, binary);
        expect((await gcp.read(VERSION, id, binary))?.inputs.secretData).to.equal("AAEC");
        await gcp.delete(VERSION, id, { ...binary, deletionPolicy: "ABANDON" });
        await gcp.delete(VERSION, id, { ...binary, deletionPolicy: "DISABLE" });
        expect(gcp.ledger.list()[1]?.provisioned.state).to.equal("DISABLED");
    });

    it("grants roles on secrets, and creates the secret that a program requires", async () => {
        const { id } = await gcp.create(MEMBER, grant);
        expect([id, gcp.ledger.list().map(({ id }) => id)]).to.deep.equal([`${NAME}/${ROLE}/user:ann@example.com`, [NAME]]);
        expect(gcp.notes).to.deep.equal([`the sandbox created secret ${NAME}, which the program expects to exist`]);
        expect((await gcp.read(MEMBER, id))?.inputs).to.deep.equal({ ...grant, condition: undefined, __defaults: [] });
        await gcp.delete(MEMBER, id, grant);
        expect(await gcp.read(MEMBER, id, grant)).to.equal(undefined);
    });

    it("finds the secret that a killed engine created", async () => {
        await gcp.create(SECRET, secret);
        await gcp.create(VERSION, version);
        expect([
            gcp.existingId(SECRET, secret),
            gcp.existingId(VERSION, version),
            gcp.existingId(VERSION, { ...version, secretData: "other" }),
        ]).to.deep.equal([NAME, `${NAME}/versions/1`, undefined]);
    });
});
