import { ensureDaemon } from "../daemon/client";
import type { Home } from "../home";
import { inTerminal } from "../host/command";
import { pulumiEnvironment } from "../pulumi/environment";
import { buildkitAddress } from "../registry/buildkit";
import { ensureTools } from "../toolchain/ensure";

/** `npm run sandbox -- run <command>`: any command in the environment of the sandbox's Pulumi, backend, registry and builder. */
export async function run(home: Home, [command, ...args]: readonly string[]): Promise<number> {
    if (command === undefined) {
        throw new Error("Name a command, for example: npm run sandbox -- run npm run build-local");
    }
    ensureTools(home);
    await ensureDaemon(home);
    const env = { ...pulumiEnvironment(home, process.env), BUILDKIT_HOST: buildkitAddress(home) };
    return (await inTerminal(command, args, { cwd: home.clone, env })) ?? 1;
}
