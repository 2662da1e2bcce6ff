import { expect } from "chai";
import { checkRegion, zonesOf } from "../../cloud/locations";

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
            expect(() => zonesOf(location)).to.throw(`Permission denied on 'locations/${location}' (or it may not exist)`);
        });
    }
});

describe("checkRegion", () => {
    for (const location of ["us-central1", "eu"]) {
        it(`accepts ${location}`, () => {
            expect(() => {
                checkRegion(location, ["eu"]);
            }).not.to.throw();
        });
    }

    for (const location of ["us-central1-f", "us", "mars-north1"]) {
        it(`refuses ${location}`, () => {
            expect(() => {
                checkRegion(location, ["eu"]);
            }).to.throw(`Permission denied on 'locations/${location}'`);
        });
    }
});
