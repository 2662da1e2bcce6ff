import { expect } from "chai";
import { diffInputs } from "../../../../../../providers/gcp/diff";
import type { Properties } from "../../../../../../providers/property-values";
import { MappedProvider, refusal } from "../../mapped-provider";

const CERTIFICATE = "gcp:certificatemanager/certificate:Certificate";
const MAP = "gcp:certificatemanager/certificateMap:CertificateMap";
const ENTRY = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry";
const AUTHORIZATION = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization";
const PARENT = "projects/p/locations/global";

const authorization = { project: "p", name: "digits", domain: "digits.example.com" };
const certificate = {
    ...{ project: "p", name: "digits", labels: { team: "ml" } },
    managed: { domains: ["digits.example.com"], dnsAuthorizations: [`${PARENT}/dnsAuthorizations/digits`] },
};
const map = { project: "p", name: "web" };
const entry = { project: "p", name: "digits", map: "web", hostname: "digits.example.com", certificates: [`${PARENT}/certificates/digits`] };
/** Each resource after those that it depends on. */
const ALL: readonly (readonly [type: string, id: string, inputs: Properties])[] = [
    [AUTHORIZATION, `${PARENT}/dnsAuthorizations/digits`, authorization],
    [CERTIFICATE, `${PARENT}/certificates/digits`, certificate],
    [MAP, `${PARENT}/certificateMaps/web`, map],
    [ENTRY, `${PARENT}/certificateMaps/web/certificateMapEntries/digits`, entry],
];

describe("certificate manager", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    it("creates, reads, imports and deletes the resources of a public service", async () => {
        for (const [type, id, inputs] of ALL) {
            expect((await gcp.create(type, inputs)).id).to.equal(id);
            expect((await gcp.read(type, id, inputs))?.inputs, type).to.deep.equal({ ...inputs, __defaults: [] });
            expect((await gcp.read(type, id))?.inputs, type).to.deep.include({ project: "p" });
        }
        const authorized = await gcp.read(AUTHORIZATION, `${PARENT}/dnsAuthorizations/digits`, authorization);
        expect((authorized?.outputs.dnsResourceRecords as { name: string }[])[0]?.name).to.equal("_acme-challenge.digits.example.com.");
        expect((await gcp.read(CERTIFICATE, `${PARENT}/certificates/digits`, certificate))?.outputs.sanDnsnames).to.deep.equal([
            "digits.example.com",
        ]);
        for (const [type, id, inputs] of [...ALL].reverse()) {
            await gcp.delete(type, id, inputs);
            expect(await gcp.read(type, id, inputs)).to.equal(undefined);
        }
        expect(gcp.ledger.list()).to.deep.equal([]);
    });

    it("updates labels, and refuses existing names", async () => {
        await gcp.create(MAP, map);
        expect(await refusal(gcp.create(MAP, map))).to.equal(
            `googleapi: Error 409: Resource '${PARENT}/certificateMaps/web' already exists`,
        );
        const outputs = await gcp.update(MAP, `${PARENT}/certificateMaps/web`, map, { ...map, labels: { team: "ml" } });
        expect([outputs.labels, outputs.gclbTargets]).to.deep.equal([{ team: "ml" }, []]);
    });

    it("returns a private key only from the inputs of the program", async () => {
        const own = { project: "p", name: "own", selfManaged: { pemCertificate: "PEM", pemPrivateKey: "hush" } };
        const { outputs } = await gcp.create(CERTIFICATE, own);
        expect(outputs.selfManaged).to.not.equal(undefined);
        expect((await gcp.read(CERTIFICATE, `${PARENT}/certificates/own`, own))?.inputs).to.deep.equal({ ...own, __defaults: [] });
        expect(JSON.stringify(await gcp.read(CERTIFICATE, `${PARENT}/certificates/own`))).to.not.contain("hush");
    });

    for (const [edit, type, before, change, reasons, replaces] of [
        ["the domain of an authorization", AUTHORIZATION, authorization, { domain: "digits2.example.com" }, ["domain"], true],
        ["the domain of a certificate", CERTIFICATE, certificate, { managed: { domains: ["digits2.example.com"] } }, ["managed"], true],
        ["the host of an entry", ENTRY, entry, { hostname: "digits2.example.com" }, ["hostname"], true],
        ["the certificate of an entry", ENTRY, entry, { certificates: ["other"] }, ["certificates"], false],
        ["explicit defaults", CERTIFICATE, certificate, { scope: "DEFAULT", location: "global" }, [], false],
    ] as const) {
        it(`finds the same difference as the official provider for ${edit}`, () => {
            const { changes } = diffInputs(type, before, { ...(before as Properties), ...(change as Properties) });
            expect([[...new Set(changes.map(({ path }) => path[0]))], changes.some(({ replaces }) => replaces)]).to.deep.equal([
                reasons,
                replaces,
            ]);
        });
    }

    it("finds the resources that an interrupted update created", async () => {
        for (const [token, id, inputs] of ALL) {
            await gcp.create(token, inputs);
            expect(gcp.existingId(token, inputs), token).to.equal(id);
            expect((await gcp.read(token, id, inputs))?.inputs, token).to.deep.equal({ ...inputs, __defaults: [] });
        }
    });
});
