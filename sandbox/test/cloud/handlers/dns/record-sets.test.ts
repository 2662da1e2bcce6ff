import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

const ZONE = "dns.googleapis.com/dns/v1/projects/p/managedZones/z";
const RECORD = { name: "www.example.com.", type: "A", ttl: 300, rrdatas: ["1.2.3.4"] };

describe("record sets", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        await api.call("POST", ZONE.replace("/z", ""), { name: "z", dnsName: "example.com.", description: "" });
    });

    afterEach(() => {
        api.stop();
    });

    const named = `${ZONE}/rrsets/www.example.com./A`;

    it("can be created, replaced and deleted one by one, as gcloud does", async () => {
        const expected = { kind: "dns#resourceRecordSet", ...RECORD };
        expect((await api.call("POST", `${ZONE}/rrsets`, RECORD)).body).to.deep.equal(expected);
        expect((await api.call("GET", named)).body).to.deep.equal(expected);
        expect((await api.call("PATCH", named, { ttl: 60 })).body).to.deep.equal({ ...expected, ttl: 60 });
        expect((await api.call("DELETE", named)).status).to.equal(200);
        expect((await api.call("GET", named)).status).to.equal(404);
    });

    it("record each of these as a change", async () => {
        await api.call("POST", `${ZONE}/rrsets`, RECORD);
        await api.call("DELETE", named);
        const { body } = await api.call("GET", `${ZONE}/changes?sortOrder=descending`);
        expect(body.kind).to.equal("dns#changesListResponse");
        expect((body.changes as readonly { id: string }[]).map(({ id }) => id)).to.deep.equal(["2", "1"]);
    });

    it("are refused outside of the zone, twice, and if they are missing", async () => {
        await api.call("POST", `${ZONE}/rrsets`, RECORD);
        expect((await api.call("POST", `${ZONE}/rrsets`, RECORD)).status).to.equal(409);
        expect((await api.call("POST", `${ZONE}/rrsets`, { ...RECORD, name: "www.example.org." })).status).to.equal(400);
        expect((await api.call("PATCH", named.replace("www", "ftp"), { ttl: 1 })).status).to.equal(404);
    });
});
