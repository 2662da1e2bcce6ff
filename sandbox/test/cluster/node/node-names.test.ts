import { expect } from "chai";
import { groupName, newNodeName } from "../../../cluster/node/node-names";

describe("names of nodes", () => {
    it("have GKE's form, and are unique", () => {
        expect(newNodeName("ml", "gpu-l4")).to.match(/^gke-ml-gpu-l4-[0-9a-f]{8}-[0-9a-f]{4}$/);
        expect(groupName("ml", "a")).not.to.equal(groupName("ml", "b"));
    });

    it("have at most 63 characters, and do not end with a dash", () => {
        const name = newNodeName("a-cluster-with-a-very-long-name-indeed", "a-pool-with-lon-name");
        expect(name.length).to.be.at.most(63);
        expect(name).not.to.contain("--");
    });
});
