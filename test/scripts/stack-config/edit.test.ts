import { expect } from "chai";
import { CommandError } from "../../../scripts/command-line/run";
import { withoutValue, withValue } from "../../../scripts/stack-config/edit";

const set = (text: string, value: Parameters<typeof withValue>[2] = "new", path = ["a", "b", "c"]): string =>
    withValue(text, path, value, "f");

describe("withValue", () => {
    for (const [what, before, after] of [
        ["a text before a comment", "a:\n    b:\n        c:   old   # why\n", "a:\n    b:\n        c:   new   # why\n"],
        ["a text in quotes", "a:\n  b:\n    c: 'old'\n    d: 1\n", "a:\n  b:\n    c: new\n    d: 1\n"],
        ["a block", "a:\n  b:\n    c: |\n      old\n      older\n    d: 1\n", "a:\n  b:\n    c: new\n    d: 1\n"],
        ["nothing", "a:\n  b:\n    c: # none yet\n    d: 1\n", "a:\n  b:\n    c: new # none yet\n    d: 1\n"],
        ["a key of a map in braces", "a: {b: {c: old, d: 1}} # e\n", "a: {b: {c: new, d: 1}} # e\n"],
        ["a missing key", "a:\n  b:\n    d: 1 # e\n\n  # f\n  g: 2\n", "a:\n  b:\n    d: 1 # e\n    c: new\n\n  # f\n  g: 2\n"],
        ["a missing key after a block", "a:\n  b:\n    d: |\n      e\n\n  g: 2\n", "a:\n  b:\n    d: |\n      e\n    c: new\n\n  g: 2\n"],
        [
            "a missing key after a block that keeps its end",
            "a:\n  b:\n    d: |+\n      e\n\n  g: 2\n",
            "a:\n  b:\n    d: |+\n      e\n\n    c: new\n  g: 2\n",
        ],
        ["a missing key in braces", "a: { b: { d: 1 } }\n", "a: { b: { d: 1, c: new } }\n"],
        ["a missing map", "a:\n   d: 1\n", "a:\n   d: 1\n   b:\n      c: new\n"],
        ["a map left empty", "a:\n  b: # later\n  d: 1\n", "a:\n  b: # later\n    c: new\n  d: 1\n"],
        ["an empty map", "a:\n  b: {} # later\n  d: 1\n", "a:\n  b: # later\n    c: new\n  d: 1\n"],
        ["an empty map in braces", "a: {b: {}}\n", "a: {b: { c: new }}\n"],
        ["an empty file", "", "a:\n  b:\n    c: new\n"],
        ["a file of comments", "# x", "# x\na:\n  b:\n    c: new\n"],
        ["a file without a newline at its end", "a:\n  b:\n    d: 1", "a:\n  b:\n    d: 1\n    c: new"],
        ["Windows line endings", "a:\r\n  b:\r\n    d: 1\r\ne: f\r\n", "a:\r\n  b:\r\n    d: 1\r\n    c: new\r\ne: f\r\n"],
    ] as const) {
        it(`sets ${what}`, () => {
            expect(set(before)).to.equal(after);
        });
    }

    it("replaces a list by a list in its own layout", () => {
        expect(set("a:\n  b:\n    c:\n      - x\n      - y\n    d: 1\n", ["z"])).to.equal("a:\n  b:\n    c:\n      - z\n    d: 1\n");
        expect(set("a: {b: {c: [x, y]}}\n", ["z"])).to.equal("a: {b: {c: [z]}}\n");
        expect(set("a:\n  b:\n    d: 1\n", ["y", "z"])).to.equal("a:\n  b:\n    d: 1\n    c:\n      - y\n      - z\n");
    });

    for (const [what, text, message] of [
        ["an alias", "x: &x {c: 1}\na:\n  b: *x\n", "a.b must be a plain map without an anchor"],
        ["a map that others share", "a:\n  b: &x {c: 1}\nd: *x\n", "a.b must be a plain map without an anchor"],
        ["a text that others share", "a:\n  b: {c: &x 1}\nd: *x\n", "a.b.c must be text without an anchor or a tag"],
        ["a list in the place of the whole file", "- x\n", "f is not a stack file: it must be a plain map without an anchor."],
        ["a map in the place of a text", "a: {b: {c: {d: 1}}}\n", "a.b.c must be text without an anchor or a tag"],
    ] as const) {
        it(`refuses to edit ${what}`, () => {
            expect(() => set(text)).to.throw(CommandError, message);
        });
    }

    it("refuses to replace a text with a list", () => {
        const message = "f cannot be edited: a.b.c must be a list without an anchor or a tag.";
        expect(() => set("a: {b: {c: 1}}\n", ["z"])).to.throw(CommandError, message);
    });
});

describe("withoutValue", () => {
    const removed = (text: string): string => withoutValue(text, ["a", "b"], "f");

    it("removes a key with its line, and nothing else", () => {
        expect(removed("a:\n  # of c\n  c: 1\n  b: 2 # gone\n  d: 3\n")).to.equal("a:\n  # of c\n  c: 1\n  d: 3\n");
        expect(removed("a:\n  c: 1\n  b:\n    - 2\n    - 3\n\n# end\n")).to.equal("a:\n  c: 1\n\n# end\n");
        expect(removed("a: {b: 1, c: 2}\n")).to.equal("a: {c: 2}\n");
        expect(removed("a: {c: 2, b: 1}\n")).to.equal("a: {c: 2}\n");
        expect(removed("a: {b: 1}\n")).to.equal("a: {}\n");
    });

    it("does not change a file without the key", () => {
        for (const text of ["", "# x\n", "a:\n", "a: {c: 1}\n", "d: 1\n"]) {
            expect(removed(text)).to.equal(text);
        }
    });
});
