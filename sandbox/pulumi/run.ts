import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { runningDaemon } from "../daemon/client";
import type { Home } from "../home";
import { clientEnvironment } from "../identity/client-environment";
import { pulumiEnvironment } from "./environment";
import { usesGivenGcpPlugin } from "./plugins";

/** Exit status of a command, and its captured output. */
export interface Finished {
    readonly code: number;
    readonly output: string;
}

/** How to run the Pulumi CLI. */
interface RunOptions {
    /** Default: the clone. */
    readonly cwd?: string;
    /** Whether to capture the output. Default: the CLI uses the terminal. */
    readonly capture?: boolean;
    /** Access token for the Google Cloud provider. Default: the token of the sandbox's owner. */
    readonly token?: string | undefined;
    /** Further variables. Default: none. */
    readonly env?: Readonly<Record<string, string>>;
}

/** The official provider fails at once if it calls an API that it is not redirected from, instead of reaching Google. */
const NO_WAY_OUT = { HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "127.0.0.1,localhost" };

/** Runs the sandbox's Pulumi CLI. */
export async function runPulumi(home: Home, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const child = spawn(path.join(home.tools, "pulumi"), args, {
        cwd: options.cwd ?? home.clone,
        env: {
            ...pulumiEnvironment(home, process.env, options.token),
            ...options.env,
            ...(usesGivenGcpPlugin(home) && { ...clientEnvironment(home, await runningDaemon(home), options.token), ...NO_WAY_OUT }),
        },
        stdio: options.capture === true ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    }
    // Ctrl-C is sent to the whole process group: the engine cancels its update while this process waits for it.
    const ignore = (): void => undefined;
    process.on("SIGINT", ignore);
    const [code] = (await once(child, "close")) as [number | null];
    process.off("SIGINT", ignore);
    return { code: code ?? 1, output };
}
