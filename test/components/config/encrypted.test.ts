import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { encryptedKeys, encryptedKeysIn } from "../../../components/config/encrypted";

const secure = { secure: "v1:abc:def" };

describe("encryptedKeys", () => {
    it("names each encrypted value, at any depth", () => {
        const values = {
            "gcp:credentials": secure,
            "ml-platform:environment": "dev",
            "ml-platform:training": { variables: { TOKEN: secure, MODE: "fast" }, args: ["--key", secure], "a.b": { c: secure } },
        };
        expect(encryptedKeys(values)).to.deep.equal([
            "gcp:credentials",
            "ml-platform:training.variables.TOKEN",
            "ml-platform:training.args[1]",
            'ml-platform:training["a.b"].c',
        ]);
    });

    it("treats no other value as encrypted", () => {
        const values = { a: { secure: true }, b: { secure: "x", other: 1 }, c: null, d: [], e: "secure", f: { security: "x" } };
        expect(encryptedKeys(values)).to.deep.equal([]);
    });
});

describe("encryptedKeysIn", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "stack-"))));
    afterEach(() => {
        rmSync(folder, { recursive: true });
    });
    const file = (): string => path.join(folder, "Pulumi.dev.yaml");

    it("names the encrypted values of the given sections in the stack file", () => {
        writeFileSync(file(), JSON.stringify({ config: { "a:b": { c: secure }, "a:d": { e: secure } } }));
        expect(encryptedKeysIn(["a:b"], file())).to.deep.equal(["a:b.c"]);
    });

    it("names the section if the file is missing, is not YAML, or is not the file that was read", () => {
        for (const text of [undefined, "config: {}", "", "config: ["]) {
            if (text !== undefined) {
                writeFileSync(file(), text);
            }
            expect(encryptedKeysIn(["a:b"], file()), text).to.deep.equal(["a:b"]);
        }
    });
});
