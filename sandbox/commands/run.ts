import { ensureDaemon } from "../daemon/client";
import type { Home } from "../home";
import { inTerminal } from "../host/command";
import { clientEnvironment } from "../identity/client-environment";
import { tokenOf } from "../identity/impersonate";
import { pulumiEnvironment } from "../pulumi/environment";
import { stackProject } from "../pulumi/stacks";
import { buildkitAddress } from "../registry/buildkit";
import { ensureTools } from "../toolchain/ensure";
import { DEFAULT_STACK } from "./pulumi";

/**
 * `npm run sandbox -- run <command>`: runs a command in the sandbox's environment, with its Pulumi, backend, APIs, registry and builder.
 * @param as email of the service account that calls Google's APIs. Default: the sandbox's owner
 * @param variables further environment variables of the command
 */
export async function run(
    home: Home,
    [command, ...args]: readonly string[],
    as?: string,
    variables: Readonly<Record<string, string>> = {},
): Promise<number> {
    if (command === undefined) {
        throw new Error("Name a command, for example: npm run sandbox -- run npm run build-local");
    }
    ensureTools(home);
    const daemon = await ensureDaemon(home);
    const token = as === undefined ? undefined : await tokenOf(home, daemon, as);
    const env = {
        ...pulumiEnvironment(home, process.env, token),
        ...clientEnvironment(home, { ...daemon, project: stackProject(home, DEFAULT_STACK) }, token),
        BUILDKIT_HOST: buildkitAddress(home),
        ...variables,
    };
    return (await inTerminal(command, args, { cwd: home.clone, env })) ?? 1;
}
