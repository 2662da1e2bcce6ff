import { CertificateManagerClient } from "@google-cloud/certificate-manager";
import { expect } from "chai";
import { ApiUnderTest } from "../test-api";
import { clientOptions, refusal } from "./client-options";

const PARENT = "projects/p/locations/global";
const MAP = `${PARENT}/certificateMaps/web`;

describe("@google-cloud/certificate-manager", () => {
    let api: ApiUnderTest;
    let client: CertificateManagerClient;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        client = new CertificateManagerClient(clientOptions(api));
    });

    afterEach(async () => {
        await client.close();
        api.stop();
    });

    /** A certificate with its authorization, in a map. */
    async function create(): Promise<void> {
        const [authorizing] = await client.createDnsAuthorization({
            parent: PARENT,
            dnsAuthorizationId: "digits",
            dnsAuthorization: { domain: "digits.example.com" },
        });
        const [{ name, dnsResourceRecord }] = await authorizing.promise();
        expect([dnsResourceRecord?.name, dnsResourceRecord?.type]).to.deep.equal(["_acme-challenge.digits.example.com.", "CNAME"]);
        const managed = { domains: ["digits.example.com"], dnsAuthorizations: [name ?? ""] };
        const [issuing] = await client.createCertificate({ parent: PARENT, certificateId: "digits", certificate: { managed } });
        const [certificate] = await issuing.promise();
        expect(certificate.sanDnsnames).to.deep.equal(["digits.example.com"]);
        const [mapping] = await client.createCertificateMap({ parent: PARENT, certificateMapId: "web", certificateMap: {} });
        await mapping.promise();
        const [entering] = await client.createCertificateMapEntry({
            parent: MAP,
            certificateMapEntryId: "digits",
            certificateMapEntry: { hostname: "digits.example.com", certificates: [certificate.name ?? ""] },
        });
        await entering.promise();
    }

    it("creates, gets, lists and updates", async () => {
        await create();
        const [certificate] = await client.getCertificate({ name: `${PARENT}/certificates/digits` });
        expect([certificate.scope, certificate.managed?.state]).to.deep.equal(["DEFAULT", "PROVISIONING"]);
        const [maps] = await client.listCertificateMaps({ parent: PARENT });
        const [entries] = await client.listCertificateMapEntries({ parent: MAP });
        const [authorizations] = await client.listDnsAuthorizations({ parent: PARENT });
        expect([maps, entries, authorizations].map((list) => list.map(({ name }) => name))).to.deep.equal([
            [MAP],
            [`${MAP}/certificateMapEntries/digits`],
            [`${PARENT}/dnsAuthorizations/digits`],
        ]);
        const [updating] = await client.updateCertificateMap({
            certificateMap: { name: MAP, labels: { team: "ml" } },
            updateMask: { paths: ["labels"] },
        });
        expect((await updating.promise())[0].labels).to.deep.equal({ team: "ml" });
    });

    it("deletes in dependency order, and refuses to delete a resource in use", async () => {
        await create();
        const certificate = { name: `${PARENT}/certificates/digits` };
        const authorization = { name: `${PARENT}/dnsAuthorizations/digits` };
        expect(await refusal(client.deleteCertificate(certificate))).to.contain("can't delete certificate");
        expect(await refusal(client.deleteCertificateMap({ name: MAP }))).to.contain("can't delete certificate map");
        expect(await refusal(client.deleteDnsAuthorization(authorization))).to.contain("can't delete DNS authorization");
        for (const work of [
            () => client.deleteCertificateMapEntry({ name: `${MAP}/certificateMapEntries/digits` }),
            () => client.deleteCertificateMap({ name: MAP }),
            () => client.deleteCertificate(certificate),
            () => client.deleteDnsAuthorization(authorization),
        ]) {
            await (await work())[0].promise();
        }
        expect(await refusal(client.getCertificate(certificate))).to.contain(`Resource '${certificate.name}' was not found`);
        expect(api.ledger.list()).to.deep.equal([]);
    });

    it("reports existing and invalid names", async () => {
        await create();
        const map = (certificateMapId: string) =>
            refusal(client.createCertificateMap({ parent: PARENT, certificateMapId, certificateMap: {} }));
        expect(await map("web")).to.contain(`Resource '${MAP}' already exists`);
        expect(await map("Web")).to.contain("Invalid certificateMapId 'Web'");
    });
});
