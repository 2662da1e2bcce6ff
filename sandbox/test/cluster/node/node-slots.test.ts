import { expect } from "chai";
import { NodeSlots, realNodesOn } from "../../../cluster/node/node-slots";

describe("slots for real nodes", () => {
    it("depend on the memory, from one to four", () => {
        expect([1, 8, 12, 24, 512].map((gib) => realNodesOn(gib * 2 ** 30))).to.deep.equal([1, 2, 4, 4, 4]);
    });

    it("are assigned once, the lowest first, and reused when free", () => {
        const slots = new NodeSlots(2);
        expect([slots.take(), slots.take(), slots.take()]).to.deep.equal([0, 1, undefined]);
        slots.release(0);
        expect(slots.take()).to.equal(0);
    });
});
