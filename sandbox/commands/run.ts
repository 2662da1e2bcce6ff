import { ensureDaemon } from "../daemon/client";
import type { Home } from "../home";
import { inTerminal } from "../host/command";
import { clientEnvironment } from "../identity/client-environment";
import { pulumiEnvironment } from "../pulumi/environment";
import { buildkitAddress } from "../registry/buildkit";
import { ensureTools } from "../toolchain/ensure";

/**
 * `npm run sandbox -- run <command>`: runs a command in the sandbox's environment, with its Pulumi, backend, APIs, registry and builder.
 */
export async function run(home: Home, [command, ...args]: readonly string[]): Promise<number> {
    if (command === undefined) {
        throw new Error("Name a command, for example: npm run sandbox -- run npm run build-local");
    }
    ensureTools(home);
    const daemon = await ensureDaemon(home);
    const env = { ...pulumiEnvironment(home, process.env), ...clientEnvironment(home, daemon), BUILDKIT_HOST: buildkitAddress(home) };
    return (await inTerminal(command, args, { cwd: home.clone, env })) ?? 1;
}
