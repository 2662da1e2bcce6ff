import { expect } from "chai";

import { isPrintable, printable } from "../../../../components/config/remedies/printable";

describe("printable", () => {
    it("leaves plain text as it is, whatever the script", () => {
        expect(printable("8 × nvidia-l4, größer, 日本")).to.equal("8 × nvidia-l4, größer, 日本");
    });

    it("escapes what a terminal acts on or hides", () => {
        expect(printable("a\u001b[2Jb\nc\u202ed\u200be\ud800f")).to.equal("a\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{200b}e\\u{d800}f");
    });

    it("cuts a long text and says how long it was", () => {
        expect(printable("x".repeat(1_000_000), 5)).to.equal("xxxxx… (1000000 characters)");
    });

    it("tells printable text from other text", () => {
        expect([isPrintable("größer"), isPrintable("a\tb")]).to.deep.equal([true, false]);
    });
});
