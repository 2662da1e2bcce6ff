import { expect } from "chai";
import { nameTemplate } from "../../../../providers/gcp/mapped/name-template";

const POOL = nameTemplate("projects/{project}/locations/{location}/clusters/{cluster}/nodePools/{name}");
const CLUSTER = "projects/p/locations/us-east1/clusters/c";

describe("nameTemplate", () => {
    it("fills in the inputs", () => {
        expect(POOL.fill({ project: "p", location: "us-east1", cluster: "c", name: "n" })).to.equal(`${CLUSTER}/nodePools/n`);
    });

    for (const cluster of [CLUSTER, `https://container.googleapis.com/v1/${CLUSTER}`, `//container.googleapis.com/${CLUSTER}`]) {
        it(`takes the parent from ${cluster}`, () => {
            expect(POOL.fill({ project: "other", cluster, name: "n" })).to.equal(`${CLUSTER}/nodePools/n`);
        });
    }

    it("refuses missing inputs", () => {
        expect(() => POOL.fill({ project: "p", cluster: "c", name: "n" })).to.throw("Required field 'location' not specified");
    });

    it("finds the inputs in a name", () => {
        expect(POOL.parse(`${CLUSTER}/nodePools/n`)).to.deep.equal({ project: "p", location: "us-east1", cluster: "c", name: "n" });
        expect(nameTemplate("{keyRing}/cryptoKeys/{name}").parse("projects/p/locations/us/keyRings/r/cryptoKeys/k")).to.deep.equal({
            keyRing: "projects/p/locations/us/keyRings/r",
            name: "k",
        });
        expect(nameTemplate("{name}@{project}.iam.gserviceaccount.com").parse("a@p.iam.gserviceaccount.com")).to.deep.equal({
            name: "a",
            project: "p",
        });
    });

    it("finds no inputs in another name", () => {
        expect(POOL.parse(CLUSTER)).to.deep.equal({ project: undefined, location: undefined, cluster: undefined, name: undefined });
    });
});
