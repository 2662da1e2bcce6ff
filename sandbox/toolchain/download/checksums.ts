import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
// From the releases of the projects. Most are also in https://github.com/kubernetes-sigs/kubespray (checksums.yml).
import pinned from "./checksums.json";
import { releaseFile } from "./release-file";

/** The expected checksum of a release file. */
export interface Expected {
    /** SHA-256 or SHA-512, in hexadecimal. */
    readonly digest: string;
    /** Origin of the digest, for messages. */
    readonly source: string;
}

/** URL of a release file → URL of the checksums that its project publishes. */
const PUBLISHED: readonly (readonly [file: RegExp, checksums: string])[] = [
    [/^https:\/\/dl\.k8s\.io\/.+$/, "$&.sha256"],
    [/^https:\/\/github\.com\/containerd\/containerd\/.+$/, "$&.sha256sum"],
    [/^(https:\/\/github\.com\/opencontainers\/runc\/.+)\/[^/]+$/, "$1/runc.sha256sum"],
    [/^(https:\/\/github\.com\/etcd-io\/etcd\/.+)\/[^/]+$/, "$1/SHA256SUMS"],
    [/^https:\/\/github\.com\/(containernetworking\/plugins|distribution\/distribution)\/.+$/, "$&.sha256"],
    [/^(https:\/\/github\.com\/moby\/buildkit\/.+)\.tar\.gz$/, "$1.provenance.json"],
    [
        /^https:\/\/get\.pulumi\.com\/releases\/sdk\/pulumi-(v[\d.]+)-.+$/,
        "https://github.com/pulumi/pulumi/releases/download/$1/SHA512SUMS",
    ],
    [
        /^https:\/\/get\.pulumi\.com\/releases\/plugins\/pulumi-resource-([a-z-]+)-v([\d.]+)-.+$/,
        "https://github.com/pulumi/pulumi-$1/releases/download/v$2/pulumi-$1_$2_checksums.txt",
    ],
];

/**
 * Returns the checksum of a release file: pinned in checksums.json, or published by its project.
 * @returns undefined if neither is available; the file must then not be executed
 */
export async function expectedDigest(url: string): Promise<Expected | undefined> {
    const pin = (pinned as Readonly<Record<string, string>>)[url];
    if (pin !== undefined) {
        return { digest: pin, source: "sandbox/toolchain/checksums.json" };
    }
    const checksums = publishedChecksums(url);
    const response = checksums === undefined ? undefined : await releaseFile(checksums);
    if (checksums === undefined || response === undefined) {
        return undefined;
    }
    const digest = digestOf(path.posix.basename(new URL(url).pathname), await response.text());
    return digest === undefined ? undefined : { digest, source: checksums };
}

/** Returns the URL of the published checksums for a release file; undefined if it is unknown. */
export function publishedChecksums(url: string): string | undefined {
    const [file, checksums] = PUBLISHED.find(([pattern]) => pattern.test(url)) ?? [];
    return file === undefined || checksums === undefined ? undefined : url.replace(file, checksums);
}

/**
 * Finds the digest of a file in published checksums: sha256sum(1) lines, signed or not; a single digest; or an in-toto provenance statement
 * (https://in-toto.io/Statement).
 */
export function digestOf(file: string, checksums: string): string | undefined {
    const text = checksums.trim();
    if (text.startsWith("{")) {
        return subjectDigest(file, text);
    }
    if (/^[0-9a-f]{64}$/.test(text)) {
        return text;
    }
    const lines = text.split("\n").map((line) => /^([0-9a-f]{64}|[0-9a-f]{128})\s+\*?(?:.*\/)?(\S+)$/.exec(line.trim()));
    return lines.find((line) => line?.[2] === file)?.[1];
}

interface Statement {
    readonly subject?: readonly { readonly name: string; readonly digest: { readonly sha256?: string } }[];
}

function subjectDigest(file: string, text: string): string | undefined {
    const { subject = [] } = JSON.parse(text) as Statement;
    return subject.find(({ name }) => path.posix.basename(name) === file)?.digest.sha256;
}

/**
 * Verifies a downloaded file.
 * @throws Error with both digests if they differ
 */
export async function verify(file: string, url: string, { digest, source }: Expected): Promise<void> {
    const hash = createHash(digest.length === 128 ? "sha512" : "sha256");
    await pipeline(createReadStream(file), hash);
    const found = hash.digest("hex");
    if (found === digest) {
        return;
    }
    throw new Error(
        `${url} does not match its checksum and was not run.\n  expected ${digest} (${source})\n  received ${found}\n` +
            "Run the command again. If it fails again, a proxy may change downloads: compare the file on another network.",
    );
}
