import { expect } from "chai";
import { zonesIn } from "../../gke/zone-list";
import { regionOf, regions, zonesOf } from "../../gke/zones";

describe("regions", () => {
    it("have their zones", () => {
        expect(zonesOf("us-east1")).to.deep.equal(["us-east1-b", "us-east1-c", "us-east1-d"]);
        expect(zonesOf("us-centrall")).to.deep.equal([]);
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
