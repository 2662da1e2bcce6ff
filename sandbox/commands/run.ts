import { spawn } from "node:child_process";
import { once } from "node:events";
import { ensureDaemon } from "../daemon/client";
import type { Home } from "../home";
import { pulumiEnvironment } from "../pulumi/environment";
import { buildkitAddress } from "../registry/buildkit";
import { ensureTools } from "../toolchain/ensure";

/** `npm run sandbox -- run <command>`: any command with the sandbox's Pulumi, backend, registry and builder as its surroundings. */
export async function run(home: Home, [command, ...args]: readonly string[]): Promise<number> {
    if (command === undefined) {
        throw new Error("Name a command, for example: npm run sandbox -- run npm run build-local");
    }
    ensureTools(home);
    await ensureDaemon(home);
    const child = spawn(command, args, {
        cwd: home.clone,
        env: { ...pulumiEnvironment(home, process.env), BUILDKIT_HOST: buildkitAddress(home) },
        stdio: "inherit",
    });
    child.on("error", (error) => process.stderr.write(`${command}: ${error.message}\n`));
    const [code] = (await once(child, "close")) as [number | null];
    return code ?? 1;
}
