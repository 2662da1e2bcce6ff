import { expect } from "chai";
import { ApiUnderTest } from "../../test-api";

describe("lists of Compute Engine", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const PROJECT = "compute.googleapis.com/compute/v1/projects/p";

    it("contain the machine types of all zones, by zone and page", async () => {
        const { body } = await api.call(
            "GET",
            `${PROJECT}/aggregated/machineTypes?maxResults=500&returnPartialSuccess=True&includeAllScopes=True`,
        );
        const zones = body.items as Readonly<Record<string, { machineTypes: readonly { name: string; zone: string }[] }>>;
        const [place = "", { machineTypes } = { machineTypes: [] }] = Object.entries(zones)[0] ?? [];
        expect(place).to.match(/^zones\/[a-z0-9-]+$/);
        expect(machineTypes[0]?.zone).to.equal(place.replace("zones/", ""));
        expect(body.nextPageToken).to.be.a("string");
    });

    it("contain resources by region, and global addresses", async () => {
        await api.call("POST", `${PROJECT}/regions/us-central1/addresses`, { name: "one" });
        await api.call("POST", `${PROJECT}/global/addresses`, { name: "two" });
        const { body } = await api.call("GET", `${PROJECT}/aggregated/addresses`);
        const found = Object.entries(body.items as Readonly<Record<string, { addresses: readonly { name: string }[] }>>);
        expect(found.map(([place, { addresses }]) => [place, addresses.map(({ name }) => name)])).to.deep.equal([
            ["regions/us-central1", ["one"]],
            ["global", ["two"]],
        ]);
    });

    it("contain the operations of a project, the newest first", async () => {
        await api.call("POST", `${PROJECT}/global/networks`, { name: "one" });
        await api.call("POST", `${PROJECT}/regions/us-central1/addresses`, { name: "one" });
        const list = async (at: string) => (await api.call("GET", `${PROJECT}/${at}`)).body.items;
        expect(await list("global/operations")).to.have.lengthOf(1);
        expect(await list("regions/us-central1/operations")).to.have.lengthOf(1);
        expect(Object.keys((await list("aggregated/operations")) as object)).to.deep.equal(["regions/us-central1", "global"]);
    });

    it("are filtered by comparisons with a text or a regular expression", async () => {
        const names = async (filter: string) => {
            const { body } = await api.call("GET", `${PROJECT}/regions?filter=${encodeURIComponent(filter)}`);
            return ((body.items ?? []) as readonly { name: string }[]).map(({ name }) => name);
        };
        // gcloud compute regions list --filter=name:us-central1
        expect(await names('name eq ".*\\bus\\-central1\\b.*"')).to.deep.equal(["us-central1"]);
        expect(await names("name = us-central1")).to.deep.equal(["us-central1"]);
        expect(await names('(name eq "us-.*") (name ne "us-(east|west|south).*")')).to.deep.equal(["us-central1"]);
        expect(await api.refusal("GET", `${PROJECT}/regions?filter=${encodeURIComponent("name > a")}`)).to.match(/^501/);
    });
});
