import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { promisify } from "node:util";
import type { Download } from "./toolsets";

const run = promisify(execFile);
const ANSWER_WITHIN_MS = 10_000;

/**
 * Puts the programs of official release files into a folder.
 * @returns false where a file cannot be had from here (no route, refused, not found): the programs are compiled then
 * @throws Error where a file came but is not what it should be, or the disk is full
 */
export async function download(downloads: readonly Download[], folder: string): Promise<boolean> {
    for (const file of downloads) {
        const body = await open(file.url);
        if (body === undefined) return false;
        const saved = path.join(folder, path.basename(new URL(file.url).pathname));
        await pipeline(Readable.fromWeb(body as ReadableStream), fs.createWriteStream(saved));
        if (file.program !== undefined) {
            fs.renameSync(saved, path.join(folder, file.program));
            fs.chmodSync(path.join(folder, file.program), 0o755);
            continue;
        }
        const unpacked = `${saved}.unpacked`;
        fs.mkdirSync(unpacked);
        await run("tar", ["-xzf", saved, "-C", unpacked, ...Object.keys(file.members ?? {})]);
        for (const [member, program] of Object.entries(file.members ?? {})) {
            fs.renameSync(path.join(unpacked, member), path.join(folder, program));
        }
        fs.rmSync(unpacked, { recursive: true });
        fs.rmSync(saved);
    }
    return true;
}

async function open(url: string): Promise<Response["body"] | undefined> {
    const controller = new AbortController();
    const timer = setTimeout(() => {
        controller.abort();
    }, ANSWER_WITHIN_MS);
    try {
        const response = await fetch(url, { signal: controller.signal });
        return response.ok && response.body !== null ? response.body : undefined;
    } catch {
        return undefined;
    } finally {
        clearTimeout(timer);
    }
}
