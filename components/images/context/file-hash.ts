import { createHash, type Hash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";

const CHUNK_BYTES = 1 << 20;

/** SHA-256 of a file's content, in hexadecimal digits. */
export function sha256(file: string): string {
    const hash = createHash("sha256");
    feed(file, hash);
    return hash.digest("hex");
}

/** The name that git gives to a file's content, by the repository's kind of hash. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function blobName(file: string, bytes: number, algorithm: "sha1" | "sha256"): string {
    const hash = createHash(algorithm).update(`blob ${bytes}\0`);
    feed(file, hash);
    return hash.digest("hex");
}

/** Hashes a part at a time: a file may be larger than memory. */
function feed(file: string, hash: Hash): void {
    const descriptor = openSync(file, "r");
    try {
        const chunk = Buffer.alloc(CHUNK_BYTES);
        for (let bytes = readSync(descriptor, chunk); bytes > 0; bytes = readSync(descriptor, chunk)) {
            hash.update(chunk.subarray(0, bytes));
        }
    } finally {
        closeSync(descriptor);
    }
}
