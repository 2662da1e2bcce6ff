import { expect } from "chai";
import { diffInputs } from "../../../../../../providers/gcp/diff";
import { MappedProvider, refusal } from "../../mapped-provider";

const ZONE = "gcp:dns/managedZone:ManagedZone";
const RECORD = "gcp:dns/recordSet:RecordSet";
const ZONE_ID = "projects/p/managedZones/example";
const RECORD_ID = `${ZONE_ID}/rrsets/digits.example.com./A`;

const zone = { project: "p", name: "example", dnsName: "example.com.", description: "Managed by Pulumi", labels: { team: "ml" } };
const record = { project: "p", managedZone: "example", name: "digits.example.com.", type: "A", ttl: 300, rrdatas: ["203.0.113.7"] };

describe("dns", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
        await gcp.create(ZONE, zone);
    });

    afterEach(() => {
        gcp.stop();
    });

    const stored = (type: string) => gcp.ledger.list().find((entry) => entry.type === type)?.inputs;

    it("creates, changes and deletes a zone", async () => {
        const made = await gcp.read(ZONE, ZONE_ID, zone);
        expect(made?.inputs).to.deep.equal({ ...zone, __defaults: [] });
        expect(made?.outputs.managedZoneId).to.be.a("number");
        expect(made?.outputs.nameServers).to.have.length(4);
        expect((await gcp.read(ZONE, ZONE_ID))?.inputs).to.deep.include({ project: "p", name: "example", dnsName: "example.com." });
        const outputs = await gcp.update(ZONE, ZONE_ID, zone, { ...zone, description: "Services", labels: {} });
        expect([outputs.description, outputs.effectiveLabels]).to.deep.equal(["Services", { "goog-pulumi-provisioned": "true" }]);
        await gcp.delete(ZONE, ZONE_ID, zone);
        expect(await gcp.read(ZONE, ZONE_ID, zone)).to.equal(undefined);
    });

    it("creates, changes and deletes a record set, and deletes a zone only without record sets", async () => {
        expect((await gcp.create(RECORD, record)).id).to.equal(RECORD_ID);
        expect(await refusal(gcp.create(RECORD, record))).to.equal(
            "googleapi: Error 409: The resource 'entity.change.additions[0]' named 'digits.example.com. (A)' already exists",
        );
        expect((await gcp.read(RECORD, RECORD_ID, record))?.inputs).to.deep.equal({ ...record, routingPolicy: undefined, __defaults: [] });
        expect((await gcp.read(RECORD, RECORD_ID))?.inputs).to.deep.include(record);
        await gcp.update(RECORD, RECORD_ID, record, { ...record, ttl: 60 });
        expect(stored("dns.googleapis.com/ResourceRecordSet")?.ttl).to.equal(60);
        expect(await refusal(gcp.delete(ZONE, ZONE_ID, zone))).to.contain(
            "cannot be deleted because it contains one or more 'resource records'",
        );
        await gcp.delete(RECORD, RECORD_ID, { ...record, ttl: 60 });
        await gcp.delete(RECORD, RECORD_ID, { ...record, ttl: 60 });
        expect(await gcp.read(RECORD, RECORD_ID, record)).to.equal(undefined);
        await gcp.delete(ZONE, ZONE_ID, zone);
    });

    for (const [edit, change, reason, replaces] of [
        ["the ttl", { ttl: 60 }, "ttl", false],
        ["the host", { name: "digits2.example.com." }, "name", true],
    ] as const) {
        it(`finds the same difference as the official provider for ${edit}`, () => {
            const { changes } = diffInputs(RECORD, record, { ...record, ...change });
            expect(changes.map(({ path, replaces }) => [path[0], replaces])).to.deep.equal([[reason, replaces]]);
        });
    }

    it("finds the resources that an interrupted update created", async () => {
        await gcp.create(RECORD, record);
        expect([gcp.existingId(ZONE, zone), gcp.existingId(RECORD, record)]).to.deep.equal([ZONE_ID, RECORD_ID]);
        expect([gcp.existingId(ZONE, { ...zone, description: "x" }), gcp.existingId(RECORD, { ...record, ttl: 1 })]).to.deep.equal([
            undefined,
            undefined,
        ]);
    });
});
