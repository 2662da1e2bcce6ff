import { expect } from "chai";
import { numberOf } from "../../kube/quantity";

describe("quantities", () => {
    for (const [quantity, number] of [
        ["1", 1],
        ["500m", 0.5],
        ["8Gi", 8 * 2 ** 30],
        ["1.5Ki", 1536],
        ["2k", 2000],
        ["1e3", 1000],
        ["100E", 1e20],
        ["-1", -1],
    ] as const) {
        it(`reads ${quantity}`, () => {
            expect(numberOf(quantity)).to.equal(number);
        });
    }

    for (const quantity of ["", "Gi", "1Zi", "1 Gi", "eight"]) {
        it(`refuses "${quantity}"`, () => {
            expect(() => numberOf(quantity)).to.throw("is not a Kubernetes quantity");
        });
    }
});
