import { expect } from "chai";
import { NodeSlots, realNodesOn } from "../../../cluster/node/node-slots";

describe("places for real nodes", () => {
    it("come with memory, one at least and four at most", () => {
        expect([1, 8, 12, 24, 512].map((gib) => realNodesOn(gib * 2 ** 30))).to.deep.equal([1, 2, 4, 4, 4]);
    });

    it("are given once, the lowest first, and again when they are free", () => {
        const slots = new NodeSlots(2);
        expect([slots.take(), slots.take(), slots.take()]).to.deep.equal([0, 1, undefined]);
        slots.release(0);
        expect(slots.take()).to.equal(0);
    });
});
