import { ensureDaemon } from "../daemon/client";
import type { Home } from "../home";
import { clientEnvironment } from "../identity/client-environment";
import { tokenOf } from "../identity/impersonate";
import { stackProject } from "../pulumi/stacks";
import { ensureTools } from "../toolchain/ensure";
import { DEFAULT_STACK } from "./pulumi";

/**
 * `npm run sandbox -- env`: prints shell commands that point clients of Google's APIs at the sandbox.
 * @param as email of the service account whose access token the clients use. Default: the sandbox's owner
 */
export async function env(home: Home, as?: string): Promise<number> {
    ensureTools(home);
    const daemon = await ensureDaemon(home);
    const variables = clientEnvironment(
        home,
        { ...daemon, project: stackProject(home, DEFAULT_STACK) },
        as === undefined ? undefined : await tokenOf(home, daemon, as),
    );
    for (const [name, value] of Object.entries(variables)) {
        process.stdout.write(`export ${name}=${quoted(value)}\n`);
    }
    return 0;
}

/** Quotes a word for a POSIX shell. */
function quoted(value: string): string {
    return `'${value.replaceAll("'", "'\\''")}'`;
}
