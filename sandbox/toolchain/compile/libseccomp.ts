import * as fs from "node:fs";
import * as path from "node:path";
import { succeeds } from "../../host/command";
import { unpackedDebianPackage } from "./debian";

/**
 * Returns the environment in which a C compiler finds libseccomp for runc: empty if the headers are installed, else with the paths of the
 * Debian package in the cache.
 */
export async function libseccompEnvironment(cache: string): Promise<Readonly<Record<string, string>>> {
    if (await succeeds("pkg-config", ["--exists", "libseccomp"])) {
        return {};
    }
    const folder = await unpackedDebianPackage("libseccomp-dev", cache);
    const libraries = path.join(folder, "usr/lib");
    const triplet = fs.readdirSync(libraries).find((name) => name.includes("-linux-")) ?? "";
    return {
        PKG_CONFIG_SYSROOT_DIR: folder,
        PKG_CONFIG_PATH: path.join(libraries, triplet, "pkgconfig"),
        // Go's cache key includes these variables, but not the output of pkg-config.
        CGO_CFLAGS: `-O2 -g -I${path.join(folder, "usr/include")}`,
        CGO_LDFLAGS: `-O2 -g -L${path.join(libraries, triplet)}`,
    };
}
