import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Home } from "../home";
import { pulumiEnvironment } from "../pulumi/environment";

const run = promisify(execFile);

/** A pod, where it runs, and the last line it printed. */
export interface PodLine {
    readonly namespace: string;
    readonly name: string;
    readonly phase: string;
    readonly node: string;
    readonly lastLine: string;
}

interface Pod {
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly spec: { readonly nodeName?: string };
    readonly status: { readonly phase: string };
}

/** The pods of the sandbox's cluster. */
export async function podLines(home: Home): Promise<readonly PodLine[]> {
    const { items } = JSON.parse(await kubectl(home, ["get", "pods", "--all-namespaces", "--output", "json"])) as { items: readonly Pod[] };
    return Promise.all(
        items.map(async ({ metadata: { name, namespace }, spec, status }) => ({
            namespace,
            name,
            phase: status.phase,
            node: spec.nodeName ?? "none yet",
            lastLine: (await kubectl(home, ["logs", "--namespace", namespace, name, "--tail", "1"]).catch(() => "")).trim(),
        })),
    );
}

async function kubectl(home: Home, args: readonly string[]): Promise<string> {
    const { stdout } = await run(path.join(home.tools, "kubectl"), args, { env: pulumiEnvironment(home, process.env), maxBuffer: 1 << 26 });
    return stdout;
}
