import { expect } from "chai";
import { checkLocation, zonesOf } from "../../cloud/locations";

describe("zonesOf", () => {
    for (const [location, zones] of [
        ["us-central1", ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"]],
        ["europe-west1", ["europe-west1-b", "europe-west1-c", "europe-west1-d"]],
        ["europe-west4", ["europe-west4-a", "europe-west4-b", "europe-west4-c"]],
        ["us-east1-d", ["us-east1-d"]],
    ] as const) {
        it(`returns the zones of ${location}`, () => {
            expect(zonesOf(location)).to.deep.equal(zones);
        });
    }

    for (const location of ["us-centrl1", "us-east1-a", "global", "", "us-central1-z"]) {
        it(`refuses "${location}"`, () => {
            expect(() => zonesOf(location)).to.throw(`Error 403: Permission denied on 'locations/${location}' (or it may not exist)`);
        });
    }
});

describe("checkLocation", () => {
    for (const location of ["us-central1", "us-central1-f", "global", "us", "US", "EU", "asia"]) {
        it(`accepts ${location}`, () => {
            expect(() => {
                checkLocation(location);
            }).not.to.throw();
        });
    }

    it("refuses other locations", () => {
        expect(() => {
            checkLocation("mars-north1");
        }).to.throw("'locations/mars-north1'");
    });
});
