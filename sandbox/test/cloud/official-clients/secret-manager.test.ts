import { SecretManagerServiceClient } from "@google-cloud/secret-manager";
import { expect } from "chai";
import { ApiUnderTest } from "../test-api";
import { clientOptions, refusal } from "./client-options";

describe("@google-cloud/secret-manager", () => {
    let api: ApiUnderTest;
    let client: SecretManagerServiceClient;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        client = new SecretManagerServiceClient(clientOptions(api));
    });

    afterEach(async () => {
        await client.close();
        api.stop();
    });

    const create = async (secretId: string): Promise<string> => {
        const [secret] = await client.createSecret({ parent: "projects/p", secretId, secret: { replication: { automatic: {} } } });
        return secret.name ?? "";
    };

    it("creates, gets, lists, updates and deletes secrets", async () => {
        const name = await create("token");
        expect(name).to.match(/^projects\/\d{12}\/secrets\/token$/);
        await create("other");
        const names = [];
        for await (const secret of client.listSecretsAsync({ parent: "projects/p", pageSize: 1 }, { autoPaginate: false })) {
            names.push(secret.name?.split("/").at(-1));
        }
        expect(names).to.deep.equal(["other", "token"]);
        const [changed] = await client.updateSecret({ secret: { name, labels: { team: "ml" } }, updateMask: { paths: ["labels"] } });
        expect([changed.labels, changed.replication?.automatic]).to.deep.equal([{ team: "ml" }, { customerManagedEncryption: null }]);
        const stale = client.updateSecret({ secret: { name, etag: '"0"' }, updateMask: { paths: ["labels"] } });
        expect(await refusal(stale)).to.contain("does not match the current etag");
        await client.deleteSecret({ name });
        expect(await refusal(client.getSecret({ name: "projects/p/secrets/token" }))).to.match(
            /Secret \[projects\/\d+\/secrets\/token\] not found\./,
        );
        expect(await refusal(create("other"))).to.contain("already exists.");
    });

    it("adds, accesses, disables and destroys versions", async () => {
        const name = await create("token");
        expect(await refusal(client.accessSecretVersion({ name: `${name}/versions/latest` }))).to.contain("not found or has no versions.");
        for (const value of ["first", "second"]) {
            await client.addSecretVersion({ parent: name, payload: { data: Buffer.from(value) } });
        }
        const [{ payload }] = await client.accessSecretVersion({ name: `${name}/versions/latest` });
        expect([payload?.data?.toString(), payload?.dataCrc32c]).to.deep.equal(["second", "2063438888"]);
        await client.disableSecretVersion({ name: `${name}/versions/2` });
        expect(await refusal(client.accessSecretVersion({ name: `${name}/versions/latest` }))).to.match(
            /Secret Version \[projects\/\d+\/secrets\/token\/versions\/2\] is in DISABLED state\./,
        );
        await client.enableSecretVersion({ name: `${name}/versions/2` });
        const [{ state }] = await client.destroySecretVersion({ name: `${name}/versions/1` });
        expect(state).to.equal("DESTROYED");
        expect(await refusal(client.enableSecretVersion({ name: `${name}/versions/1` }))).to.contain("is in DESTROYED state.");
        const [versions] = await client.listSecretVersions({ parent: name });
        expect(versions.map(({ name, state }) => [name?.split("/").at(-1), state])).to.deep.equal([
            ["2", "ENABLED"],
            ["1", "DESTROYED"],
        ]);
    });

    it("reads and writes allow policies", async () => {
        const resource = await create("token");
        const [policy] = await client.getIamPolicy({ resource });
        const bindings = [{ role: "roles/secretmanager.secretAccessor", members: ["user:ann@example.com"] }];
        await client.setIamPolicy({ resource, policy: { ...policy, bindings } });
        expect(await refusal(client.setIamPolicy({ resource, policy: { ...policy, bindings } }))).to.contain("concurrent policy changes");
    });
});
