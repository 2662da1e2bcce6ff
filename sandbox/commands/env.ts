import { ensureDaemon } from "../daemon/client";
import type { Home } from "../home";
import { clientEnvironment } from "../identity/client-environment";
import { ensureTools } from "../toolchain/ensure";

/** `npm run sandbox -- env`: prints shell commands that point clients of Google's APIs at the sandbox. */
export async function env(home: Home): Promise<number> {
    ensureTools(home);
    const variables = clientEnvironment(home, await ensureDaemon(home));
    for (const [name, value] of Object.entries(variables)) {
        process.stdout.write(`export ${name}=${quoted(value)}\n`);
    }
    return 0;
}

/** Quotes a word for a POSIX shell. */
function quoted(value: string): string {
    return `'${value.replaceAll("'", "'\\''")}'`;
}
