import * as fs from "node:fs";
import * as path from "node:path";
import { command, CommandError } from "../../host/command";
import { kept } from "../kept";
import { withLock } from "../lock";

/**
 * Unpacks a Debian package into a folder of the cache, without installing it.
 * @returns the folder, which contains the package's `usr` and so on
 * @throws Error if apt-get is not available or cannot download the package
 */
export async function unpackedDebianPackage(name: string, cache: string): Promise<string> {
    const folder = path.join(cache, `debian-${name}`);
    const apt = path.join(cache, "apt");
    const unpack = async (building: string): Promise<void> => {
        fs.mkdirSync(path.join(apt, "lists", "partial"), { recursive: true });
        fs.mkdirSync(path.join(apt, "archives", "partial"), { recursive: true });
        const own = ["-o", `Dir::State::Lists=${apt}/lists`, "-o", `Dir::Cache=${apt}`, "-o", "APT::Sandbox::User=root"];
        await command("apt-get", [...own, "update"]);
        await command("apt-get", [...own, "download", name], { cwd: building });
        const archive = fs.readdirSync(building).find((file) => file.endsWith(".deb"));
        if (archive === undefined) {
            throw new Error(`apt-get download ${name} left no .deb`);
        }
        await command("dpkg", ["-x", archive, "."], { cwd: building });
    };
    try {
        // Locked, because apt-get fails if another process refreshes the same package lists.
        await kept(folder, (building) => withLock(`${apt}.lock`, () => unpack(building)));
        return folder;
    } catch (error) {
        const reason = error instanceof CommandError ? error.reason : (error as Error).message;
        throw new Error(
            `Debian's package ${name} is not available: ${reason}\nInstall ${name}, or correct apt's sources (/etc/apt), and run the command again.`,
        );
    }
}
