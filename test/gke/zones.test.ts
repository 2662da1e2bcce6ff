import { expect } from "chai";
import { zonesIn } from "../../gke/accelerators";
import { awsNamesakes, multiRegions, regionOf, regions, zones, zonesOf } from "../../gke/zones";

describe("regions", () => {
    it("have their zones", () => {
        expect(zonesOf("us-east1")).to.deep.equal(["us-east1-b", "us-east1-c", "us-east1-d"]);
        expect(zonesOf("us-centrall")).to.deep.equal([]);
    });

    it("have the zones a, b and c, with three exceptions", () => {
        const letters = (region: string) =>
            zonesOf(region)
                .map((zone) => zone.slice(region.length + 1))
                .join("");
        const others = regions.filter((region) => letters(region) !== "abc");
        expect(Object.fromEntries(others.map((region) => [region, letters(region)]))).to.deep.equal({
            "europe-west1": "bcd",
            "us-central1": "abcf",
            "us-east1": "bcd",
        });
        expect([regions.length, zones.length]).to.deep.equal([43, 130]);
    });

    it("are more than the multi-regions of Artifact Registry, and not those of Amazon that have nearly the same name", () => {
        expect(multiRegions).to.deep.equal(["asia", "europe", "us"]);
        expect(awsNamesakes.filter((name) => !regions.includes(name.replace(/-(\d)$/, "$1")))).to.deep.equal([]);
        expect(awsNamesakes.filter((name) => regions.includes(name))).to.deep.equal([]);
    });

    it("are found from a zone, and are their own", () => {
        expect([regionOf("europe-west4-b"), regionOf("europe-west4")]).to.deep.equal(["europe-west4", "europe-west4"]);
    });

    it("are in order", () => {
        expect(regions).to.deep.equal([...regions].sort());
    });
});

describe("a list of zones", () => {
    it("names each by its region and letter", () => {
        expect(zonesIn("us-east4-ac\n    us-west1-b")).to.deep.equal(["us-east4-a", "us-east4-c", "us-west1-b"]);
    });
});
