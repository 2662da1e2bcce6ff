import { expect } from "chai";
import { parseDocument } from "yaml";
import { encryptForSandbox, otherEncryption, SANDBOX_SALT } from "../../../../sandbox/pulumi/encryption";

const OURS = `encryptionsalt: ${SANDBOX_SALT}\n`;
const VALUES = "config:\n  a: 1\n  b:\n    secure: v1:x:y\n  c:\n    d:\n      - secure: v1:z\n";

describe("otherEncryption", () => {
    for (const [what, text, provider] of [
        ["a file without secrets", "config:\n  a: 1\n", undefined],
        ["an empty file", "", undefined],
        ["a file of the sandbox", OURS, undefined],
        ["a key of Cloud KMS", "secretsprovider: gcpkms://key\nencryptedkey: abc\n", "gcpkms://key"],
        ["a key without its provider", "encryptedkey: abc\n", "a key management service"],
        ["another passphrase", "encryptionsalt: v1:other\n", "another passphrase"],
        ["another passphrase, by name", "secretsprovider: passphrase\nencryptionsalt: v1:other\n", "another passphrase"],
    ] as const) {
        it(`is ${String(provider)} of ${what}`, () => {
            expect(otherEncryption(parseDocument(text))).to.equal(provider);
        });
    }
});

describe("encryptForSandbox", () => {
    const encrypted = (text: string): unknown => {
        const document = parseDocument(text);
        encryptForSandbox(document);
        return document.toJS();
    };

    it("keeps the values that a sandbox encrypted", () => {
        expect(encrypted(OURS + VALUES)).to.deep.equal(parseDocument(OURS + VALUES).toJS());
    });

    it("puts a placeholder for each value that was encrypted elsewhere, and keeps the others", () => {
        const { config, ...rest } = encrypted(`secretsprovider: gcpkms://key\nencryptedkey: abc\n${VALUES}`) as {
            config: { a: number; b: { secure: string }; c: { d: { secure: string }[] } };
        };
        expect(rest).to.deep.equal({ encryptionsalt: SANDBOX_SALT });
        expect(config.a).to.equal(1);
        expect(config.b.secure).to.match(/^v1:/).and.not.to.equal("v1:x:y");
        expect(config.c.d).to.deep.equal([config.b]);
    });
});
