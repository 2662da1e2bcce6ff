import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { unpackedDebianPackage } from "./debian";

const run = promisify(execFile);

/**
 * The environment in which a C compiler finds libseccomp, which runc links: empty where the machine has its headers, else pointing into
 * Debian's package, unpacked in the cache.
 */
export async function libseccompEnvironment(cache: string): Promise<Readonly<Record<string, string>>> {
    try {
        await run("pkg-config", ["--exists", "libseccomp"]);
        return {};
    } catch {
        const folder = await unpackedDebianPackage("libseccomp-dev", cache);
        const libraries = path.join(folder, "usr/lib");
        const triplet = fs.readdirSync(libraries).find((name) => name.includes("-linux-")) ?? "";
        return {
            PKG_CONFIG_SYSROOT_DIR: folder,
            PKG_CONFIG_PATH: path.join(libraries, triplet, "pkgconfig"),
            // Go keys its cache by these, not by what pkg-config answers.
            CGO_CFLAGS: `-O2 -g -I${path.join(folder, "usr/include")}`,
            CGO_LDFLAGS: `-O2 -g -L${path.join(libraries, triplet)}`,
        };
    }
}
