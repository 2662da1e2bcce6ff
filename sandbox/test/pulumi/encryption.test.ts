import { expect } from "chai";
import { parseDocument } from "yaml";
import { encryptedForSandbox, otherEncryption, SANDBOX_SALT } from "../../pulumi/encryption";

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
        it(`is ${provider} of ${what}`, () => {
            expect(otherEncryption(parseDocument(text))).to.equal(provider);
        });
    }
});

describe("encryptedForSandbox", () => {
    const SALT = `encryptionsalt: ${SANDBOX_SALT}\n`;
    const KMS = "secretsprovider: gcpkms://key\nencryptedkey: abc\n";

    it("keeps the values that a sandbox encrypted", () => {
        expect(encryptedForSandbox(OURS + VALUES)).to.equal(VALUES + SALT);
    });

    it("puts a placeholder for each value that was encrypted elsewhere, and keeps the others", () => {
        const text = encryptedForSandbox(`${KMS}${VALUES}`);
        const [placeholder = ""] = /v1:Q47[^\n]+/.exec(text) ?? [];
        expect(text).to.equal(`config:\n  a: 1\n  b:\n    secure: ${placeholder}\n  c:\n    d:\n      - secure: ${placeholder}\n${SALT}`);
    });

    it("rewrites nothing else: numbers, blocks, comments, anchors and quotes stay as they are", () => {
        const values =
            "config:\n  a: 014\n  b: 12345678901234567890\n  c: 1.10 # text\n  d: &x 'yes'\n  e: *x\n  f: {g: 0x10}\n  h: |+\n    line\n\n";
        expect(encryptedForSandbox(`${KMS}${values}`)).to.equal(values + SALT);
        expect(encryptedForSandbox(`${values}${KMS}`)).to.equal(values + SALT);
        expect(encryptedForSandbox(values.replaceAll("\n", "\r\n"))).to.equal(values.replaceAll("\n", "\r\n") + SALT);
        expect(encryptedForSandbox(`\ufeff${values}`)).to.equal(`\ufeff${values}${SALT}`);
    });

    for (const [what, text, expected] of [
        ["a file without a line end", "config: {}", `config: {}\n${SALT}`],
        ["an empty file", "", SALT],
        ["a file of comments", "# dev\n", `# dev\n${SALT}`],
        ["a file with an end", "config: {}\n...\n", `config: {}\n${SALT}...\n`],
        ["a file in braces", '{"config": {"a": 014}}\n', `{"encryptionsalt": "${SANDBOX_SALT}", "config": {"a": 014}}\n`],
        [
            "a file in braces with a key",
            '{"config": {"a": 014}, "encryptedkey": "abc"}\n',
            `{"encryptionsalt": "${SANDBOX_SALT}", "config": {"a": 014}}\n`,
        ],
        ["nothing but a key", "encryptedkey: abc\n", SALT],
        ["nothing but a key, in braces", "{encryptedkey: abc}\n", `{"encryptionsalt": "${SANDBOX_SALT}", }\n`],
        ["a key without a value", "encryptedkey:\nconfig: {}\n", `config: {}\n${SALT}`],
    ] as const) {
        it(`reads ${what}`, () => {
            expect(encryptedForSandbox(text)).to.equal(expected);
            expect(parseDocument(expected).errors).to.deep.equal([]);
        });
    }

    it("replaces an encrypted block of text as a whole", () => {
        const block = "config:\n  a:\n    secure: >-\n      v1:x\n      y\n  b: 1\n";
        expect(encryptedForSandbox(`${KMS}${block}`)).to.match(/^config:\n  a:\n    secure: v1:Q47\S+\n  b: 1\nencryptionsalt: /);
    });
});
