import { expect } from "chai";
import { decoded } from "../../../scripts/command-line/decoded";

const TEXT = '{\r\n  "message": "größer → 雪"\r\n}\r\n';
const bigEndian = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

describe("decoded", () => {
    for (const [what, bytes] of [
        ["UTF-8", Buffer.from(TEXT)],
        ["UTF-8 with a byte order mark", Buffer.from(`\uFEFF${TEXT}`)],
        ["UTF-16 as Windows PowerShell redirects it", Buffer.from(`\uFEFF${TEXT}`, "utf16le")],
        ["UTF-16 without a byte order mark", Buffer.from(TEXT, "utf16le")],
        ["UTF-16, the high byte first", bigEndian(`\uFEFF${TEXT}`)],
        ["UTF-16, the high byte first, without a byte order mark", bigEndian(TEXT)],
    ] as const) {
        it(`reads ${what}`, () => {
            expect(decoded(bytes)).to.equal(TEXT);
        });
    }

    it("removes colors, and reads an empty file as an empty text", () => {
        expect(decoded(Buffer.from("\u001b[1mPreviewing\u001b[0m update\n"))).to.equal("Previewing update\n");
        expect(decoded(Buffer.alloc(0))).to.equal("");
        expect(decoded(Buffer.from("{"))).to.equal("{");
    });
});
