import { expect } from "chai";
import { CommandError } from "../../../scripts/command-line/run";
import { withItem } from "../../../scripts/stack-config/append";

const ITEM = { name: "x", more: { c: "1", d: ["e"] } };
const append = (text: string, item: Parameters<typeof withItem>[2] = ITEM): string => withItem(text, ["a", "b"], item, "f");

describe("withItem", () => {
    for (const [what, before, after] of [
        [
            "a list, before the comments that follow",
            "a:\n  b:\n    - name: y # why\n      p: 1\n  # next\n  c: 2\n",
            "a:\n  b:\n    - name: y # why\n      p: 1\n    - name: x\n      more:\n        c: 1\n        d:\n          - e\n  # next\n  c: 2\n",
        ],
        [
            "a list without indentation",
            "a:\n  b:\n  - name: y\n  c: 2\n",
            "a:\n  b:\n  - name: y\n  - name: x\n    more:\n      c: 1\n      d:\n        - e\n  c: 2\n",
        ],
        [
            "a list with a block at its end",
            "a:\n  b:\n    - name: |\n        y\n\nz: 1\n",
            "a:\n  b:\n    - name: |\n        y\n    - name: x\n      more:\n        c: 1\n        d:\n          - e\n\nz: 1\n",
        ],
        ["a list in brackets", "a: { b: [{ name: y }] } # e\n", "a: { b: [{ name: y }, { name: x, more: { c: 1, d: [e] } }] } # e\n"],
        ["an empty list", "a:\n  b: [] # none\n", "a:\n  b: [{ name: x, more: { c: 1, d: [e] } }] # none\n"],
        ["a key left empty", "a:\n  b: # none\n", "a:\n  b: # none\n    - name: x\n      more:\n        c: 1\n        d:\n          - e\n"],
        ["a missing list", "a:\n  c: 1\n", "a:\n  c: 1\n  b:\n    - name: x\n      more:\n        c: 1\n        d:\n          - e\n"],
        ["a missing map", "z: 1\n", "z: 1\na:\n  b:\n    - name: x\n      more:\n        c: 1\n        d:\n          - e\n"],
        [
            "a file without a newline at its end",
            "a:\n  b:\n    - name: y",
            "a:\n  b:\n    - name: y\n    - name: x\n      more:\n        c: 1\n        d:\n          - e",
        ],
    ] as const) {
        it(`adds to ${what}`, () => {
            expect(append(before)).to.equal(after);
        });
    }

    it("keeps Windows line endings", () => {
        expect(append("a:\r\n  b:\r\n    - y\r\n", "z")).to.equal("a:\r\n  b:\r\n    - y\r\n    - z\r\n");
    });

    for (const [what, text] of [
        ["an alias", "x: &x [1]\na:\n  b: *x\n"],
        ["a list that others share", "a:\n  b: &x\n    - 1\n"],
        ["a map in the place of the list", "a:\n  b:\n    c: 1\n"],
        ["a text in the place of a map", "a: b\n"],
    ] as const) {
        it(`refuses ${what}`, () => {
            expect(() => append(text)).to.throw(CommandError, /^f /);
        });
    }
});
