import { DNS, type Record, type Zone } from "@google-cloud/dns";
import { expect } from "chai";
import { OAuth2Client } from "google-auth-library";
import { ApiUnderTest, TOKEN } from "../test-api";

describe("@google-cloud/dns", () => {
    let api: ApiUnderTest;
    let dns: DNS;
    let zone: Zone;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        // The client has an older google-auth-library, in which headers are plain objects.
        const getRequestHeaders = () => Promise.resolve({ authorization: `Bearer ${TOKEN}` });
        const authClient = Object.assign(new OAuth2Client(), { getRequestHeaders });
        dns = new DNS({ authClient: authClient as never, projectId: "p" });
        // The client speaks TLS to any endpoint of its options.
        dns.baseUrl = `${api.url}/dns.googleapis.com/dns/v1`;
        [zone] = await dns.createZone("example", { dnsName: "example.com.", description: "Services" });
    });

    afterEach(() => {
        api.stop();
    });

    const refusal = async (work: Promise<unknown>): Promise<string> =>
        work.then(
            () => "",
            (error: unknown) => `${String((error as { code: number }).code)} ${(error as Error).message}`,
        );
    const address = (name: string, data = "203.0.113.7"): Record => zone.record("a", { name, ttl: 300, data });
    const names = async () => (await zone.getRecords())[0].map(({ type, metadata }) => `${type} ${metadata.name}`);

    it("creates, gets, lists and deletes zones", async () => {
        const [metadata] = (await zone.getMetadata()) as unknown as [{ nameServers: string[]; visibility: string }];
        expect([metadata.nameServers.length, metadata.visibility]).to.deep.equal([4, "public"]);
        await dns.createZone("other", { dnsName: "example.org." });
        expect((await dns.getZones())[0].map(({ name }) => name)).to.deep.equal(["example", "other"]);
        expect(await refusal(dns.createZone("other", { dnsName: "example.net." }))).to.equal(
            "409 The resource 'entity.managedZone' named 'other' already exists",
        );
        expect(await refusal(dns.createZone("third", { dnsName: "example.net" }))).to.equal(
            "400 Invalid value for 'entity.managedZone.dnsName': 'example.net'",
        );
        await zone.delete();
        expect(await zone.exists()).to.deep.equal([false]);
        expect(await refusal(zone.getMetadata())).to.equal("404 The 'parameters.managedZone' resource named 'example' does not exist.");
    });

    it("adds, replaces and deletes record sets with changes", async () => {
        const record = address("digits.example.com.");
        const [change] = await zone.addRecords(record);
        const [metadata] = (await change.getMetadata()) as unknown as [{ status: string }];
        expect(metadata.status).to.equal("done");
        expect(await names()).to.deep.equal(["NS example.com.", "SOA example.com.", "A digits.example.com."]);
        await zone.createChange({ delete: record, add: address("digits.example.com.", "203.0.113.8") });
        const [found] = await zone.getRecords({ name: "digits.example.com.", type: "A" });
        expect(found.map(({ data }) => data)).to.deep.equal([["203.0.113.8"]]);
        expect(await refusal(zone.delete())).to.equal(
            "400 The resource named 'example' cannot be deleted because it contains one or more 'resource records'.",
        );
        await zone.deleteRecords(found);
        await zone.delete();
    });

    it("reports changes that do not apply, and applies no part of them", async () => {
        await zone.addRecords(address("a.example.com."));
        const add = (...records: Record[]) => refusal(zone.addRecords(records));
        expect(await add(address("b.example.com."), address("a.example.com."))).to.equal(
            "409 The resource 'entity.change.additions[1]' named 'a.example.com. (A)' already exists",
        );
        expect(await add(address("b.example.org."))).to.equal("400 Invalid value for 'entity.change.additions[0].name': 'b.example.org.'");
        expect(await refusal(zone.deleteRecords(address("c.example.com.")))).to.equal(
            "404 The 'entity.change.deletions[0]' resource named 'c.example.com. (A)' does not exist.",
        );
        expect(await refusal(zone.deleteRecords(address("a.example.com.", "203.0.113.9")))).to.equal(
            "412 Precondition not met for 'entity.change.deletions[0]'",
        );
        expect(await names()).to.deep.equal(["NS example.com.", "SOA example.com.", "A a.example.com."]);
    });
});
