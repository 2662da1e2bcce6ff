import { expect } from "chai";
import { homeOf } from "../../../home";
import { AddressPlan, bridgeOf, freeSecond } from "../../../cluster/network/network";

describe("the address plan", () => {
    const plan = new AddressPlan(70);

    it("gives every node and every cluster a separate range", () => {
        expect(plan.node(0)).to.deep.equal({ nodeIp: "10.70.0.2", podRange: ["10.70.1.2", "10.70.1.254"] });
        expect(plan.node(1)).to.deep.equal({ nodeIp: "10.70.0.3", podRange: ["10.70.2.2", "10.70.2.254"] });
        expect(plan.services(0)).to.deep.equal({ range: "10.70.128.0/20", apiServer: "10.70.128.1", dns: "10.70.128.10" });
        expect(plan.services(7)).to.include({ range: "10.70.240.0/20" });
    });

    it("fails when its addresses are exhausted", () => {
        expect(plan.node(119).podRange[0]).to.equal("10.70.120.2");
        expect(() => plan.node(120)).to.throw("120 nodes");
        expect(() => plan.services(8)).to.throw("8 clusters");
    });
});

describe("a free network", () => {
    it("is the preferred one, or the next without a route", () => {
        expect(freeSecond(70, [{ dst: "default" }, { dst: "192.168.0.0/16" }, { dst: "10.71.0.0/16" }])).to.equal(70);
        expect(freeSecond(70, [{ dst: "10.70.3.0/24" }, { dst: "10.71.0.5" }])).to.equal(72);
        expect(freeSecond(255, [{ dst: "10.255.0.0/16" }])).to.equal(0);
        expect(freeSecond(70, [{ dst: "10.64.0.0/12" }])).to.equal(80);
    });

    it("does not exist if a route covers every candidate", () => {
        expect(() => freeSecond(70, [{ dst: "10.0.0.0/8" }])).to.throw("No free network");
    });
});

describe("the bridge's name", () => {
    it("is of the 15 characters that Linux allows, and differs between clones", () => {
        const names = ["/a", "/b"].map((clone) => bridgeOf(homeOf(clone)));
        for (const name of names) {
            expect(name.length).to.be.at.most(15);
        }
        expect(names[0]).not.to.equal(names[1]);
    });
});
