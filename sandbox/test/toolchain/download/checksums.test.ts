import { expect } from "chai";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { digestOf, publishedChecksums, verify } from "../../../toolchain/download/checksums";
import pinned from "../../../toolchain/download/checksums.json";
import { TOOLSETS } from "../../../toolchain/toolsets";

const A = "a".repeat(64);
const B = "b".repeat(64);
const LONG = "c".repeat(128);

describe("checksums of the toolchain", () => {
    const urls = TOOLSETS.flatMap(({ downloads }) => downloads.map(({ url }) => url));

    it("are pinned, or published by the project, for every file that is downloaded", () => {
        expect(urls.filter((url) => !(url in pinned) && publishedChecksums(url) === undefined)).to.deep.equal([]);
    });

    it("are pinned for no file that is not downloaded any more", () => {
        const anyProcessor = (url: string): string => url.replaceAll(/(amd|arm)64/g, "<processor>");
        const known = new Set(urls.map(anyProcessor));
        expect(Object.keys(pinned).filter((url) => !known.has(anyProcessor(url)))).to.deep.equal([]);
        for (const [url, digest] of Object.entries(pinned)) {
            expect(digest, url).to.match(/^[0-9a-f]{64}$/);
        }
    });

    for (const [file, checksums] of [
        ["https://dl.k8s.io/v1.36.3/bin/linux/amd64/kubelet", "https://dl.k8s.io/v1.36.3/bin/linux/amd64/kubelet.sha256"],
        [
            "https://github.com/opencontainers/runc/releases/download/v1.5.2/runc.arm64",
            "https://github.com/opencontainers/runc/releases/download/v1.5.2/runc.sha256sum",
        ],
        [
            "https://github.com/moby/buildkit/releases/download/v0.31.1/buildkit-v0.31.1.linux-amd64.tar.gz",
            "https://github.com/moby/buildkit/releases/download/v0.31.1/buildkit-v0.31.1.linux-amd64.provenance.json",
        ],
        [
            "https://get.pulumi.com/releases/sdk/pulumi-v3.259.0-linux-x64.tar.gz",
            "https://github.com/pulumi/pulumi/releases/download/v3.259.0/SHA512SUMS",
        ],
        [
            "https://get.pulumi.com/releases/plugins/pulumi-resource-docker-build-v0.0.22-linux-amd64.tar.gz",
            "https://github.com/pulumi/pulumi-docker-build/releases/download/v0.0.22/pulumi-docker-build_0.0.22_checksums.txt",
        ],
        ["https://example.com/tool.tar.gz", undefined],
    ] as const) {
        it(`of ${file} are ${checksums === undefined ? "not known" : `at ${checksums}`}`, () => {
            expect(publishedChecksums(file)).to.equal(checksums);
        });
    }
});

describe("digestOf", () => {
    for (const [what, text] of [
        ["lines of sha256sum", `${B}  runc.arm64\n${A}  runc.amd64\n`],
        ["lines of sha256sum in binary mode, with a folder", `${B} *bin/runc.arm64\n${A} *bin/runc.amd64\n`],
        [
            "lines with a signature around them",
            `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n${A}  runc.amd64\n-----BEGIN PGP SIGNATURE-----\n${B}\n`,
        ],
        ["a digest alone", `${A}\n`],
        [
            "a statement of provenance",
            JSON.stringify({
                subject: [
                    { name: "runc.arm64", digest: { sha256: B } },
                    { name: "runc.amd64", digest: { sha256: A } },
                ],
            }),
        ],
    ] as const) {
        it(`reads ${what}`, () => {
            expect(digestOf("runc.amd64", text)).to.equal(A);
        });
    }

    it("reads lines of sha512sum", () => {
        expect(digestOf("pulumi.tar.gz", `${LONG}  pulumi.tar.gz\n`)).to.equal(LONG);
    });

    for (const [what, text] of [
        ["another file's", `${A}  runc.amd64.asc\n`],
        ["a page of a proxy", "<html>sign in</html>"],
        ["a digest of no known length", `${"a".repeat(40)}  runc.amd64\n`],
        ["a statement about another file", JSON.stringify({ subject: [{ name: "other", digest: { sha256: A } }] })],
        ["a statement about nothing", "{}"],
    ] as const) {
        it(`finds none in ${what}`, () => {
            expect(digestOf("runc.amd64", text)).to.equal(undefined);
        });
    }
});

describe("verify", () => {
    it("takes the right content, by SHA-256 and by SHA-512, and no other", async () => {
        const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "verify-")), "tool");
        fs.writeFileSync(file, "content");
        try {
            for (const algorithm of ["sha256", "sha512"]) {
                const digest = createHash(algorithm).update("content").digest("hex");
                await verify(file, "https://example.com/tool", { digest, source: "this test" });
            }
            const refused = await verify(file, "https://example.com/tool", { digest: A, source: "this test" }).catch(
                (error: unknown) => error,
            );
            expect(refused)
                .to.have.property("message")
                .that.contains("https://example.com/tool does not match its checksum and was not run.");
        } finally {
            fs.rmSync(path.dirname(file), { recursive: true });
        }
    });
});
