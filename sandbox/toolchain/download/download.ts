import * as fs from "node:fs";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { command } from "../../host/command";
import { expectedDigest, verify } from "./checksums";
import { releaseFile } from "./release-file";
import type { Download } from "../toolsets";

/**
 * Downloads programs from official release files into a folder. Verifies the checksum of each file first, because the programs run as root.
 * @param expected returns the checksum of a file; undefined if it is unknown
 * @returns false if a file or its checksum is not available (no route, refused, not found); the programs are then compiled instead
 * @throws Error if a checksum does not match, or the disk is full
 */
export async function download(downloads: readonly Download[], folder: string, expected = expectedDigest): Promise<boolean> {
    for (const file of downloads) {
        const must = await expected(file.url);
        const response = must === undefined ? undefined : await releaseFile(file.url);
        if (must === undefined || !response?.body) {
            return false;
        }
        const saved = path.join(folder, path.basename(new URL(file.url).pathname));
        await pipeline(Readable.fromWeb(response.body), fs.createWriteStream(saved));
        await verify(saved, file.url, must);
        if (file.program !== undefined) {
            fs.renameSync(saved, path.join(folder, file.program));
            fs.chmodSync(path.join(folder, file.program), 0o755);
            continue;
        }
        const unpacked = `${saved}.unpacked`;
        fs.mkdirSync(unpacked);
        await command("tar", ["-xzf", saved, "-C", unpacked, ...Object.keys(file.members ?? {})]);
        for (const [member, program] of Object.entries(file.members ?? {})) {
            fs.renameSync(path.join(unpacked, member), path.join(folder, program));
        }
        fs.rmSync(unpacked, { recursive: true });
        fs.rmSync(saved);
    }
    return true;
}
