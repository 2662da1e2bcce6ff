import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse, stringify } from "yaml";
import type { Clone } from "./clone";
import { ask } from "./registry";

const CONFIG = ".sandbox/registry.yaml";
const WITHIN_MS = 90_000;

/**
 * Makes the sandbox's registry refuse all writes, as it does for an identity with reading roles. The daemon restarts the registry in its read-only
 * mode.
 * @returns makes the registry writable again
 */
export async function makeReadOnly(clone: Clone, registry: string): Promise<() => Promise<void>> {
    const original = clone.read(CONFIG);
    const config = parse(original) as { storage: object };
    clone.write(CONFIG, stringify({ ...config, storage: { ...config.storage, maintenance: { readonly: { enabled: true } } } }));
    await restart(clone, registry, 405);
    return async () => {
        clone.write(CONFIG, original);
        await restart(clone, registry, 202);
    };
}

/** Whether the registry accepts an upload: true for 202, false for 405, undefined while it does not answer. */
export const answerToUpload = (registry: string): Promise<number | undefined> =>
    ask(`http://${registry}/v2/probe/blobs/uploads/`, { method: "POST" }).then(
        ({ status, headers }) => {
            const upload = headers.get("location");
            if (upload !== null) {
                void ask(new URL(upload, `http://${registry}`).href, { method: "DELETE" });
            }
            return status;
        },
        () => undefined,
    );

async function restart(clone: Clone, registry: string, answer: number): Promise<void> {
    const { output } = await clone.npm("run", "--silent", "sandbox:status");
    process.kill(Number(/^ +registry +(\d+)/m.exec(output)?.[1]), "SIGTERM");
    const deadline = Date.now() + WITHIN_MS;
    while ((await answerToUpload(registry)) !== answer) {
        if (Date.now() > deadline) {
            throw new Error(`The registry does not answer an upload with ${answer}`);
        }
        await delay(200);
    }
}

/** A hash of the paths and contents of all files in the registry. */
export const storageHash = (clone: Clone): string =>
    execFileSync("bash", ["-c", "set -o pipefail; find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum"], {
        cwd: path.join(clone.folder, ".sandbox/registry"),
        encoding: "utf8",
    });
