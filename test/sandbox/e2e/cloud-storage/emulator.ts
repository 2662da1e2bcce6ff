import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pinnedPython } from "../../../tools/pinned";

const REQUIREMENTS = path.join(__dirname, "requirements.txt");

/** Cloud Storage API of a third-party emulator: https://github.com/oittaa/gcp-storage-emulator. Pulumi's backend takes its address from `STORAGE_EMULATOR_HOST`. */
export interface CloudStorage {
    /** `host:port` */
    readonly host: string;
    createBucket(name: string): Promise<void>;
    /** Names of the objects in a bucket. */
    objects(bucket: string): Promise<readonly string[]>;
    /** Names of all requested objects. */
    requested(): readonly string[];
    stop(): Promise<void>;
}

/** Starts an empty emulator. */
export async function startCloudStorage(): Promise<CloudStorage> {
    const host = `127.0.0.1:${await freePort()}`;
    const [, port = ""] = host.split(":");
    const child = spawn(
        path.join(await pinnedPython("cloud-storage", REQUIREMENTS), "bin/python"),
        ["-m", "gcp_storage_emulator", "start", "--host", "127.0.0.1", "--port", port, "--in-memory"],
        {
            stdio: ["ignore", "pipe", "pipe"],
        },
    );
    let log = "";
    for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
    }
    const api = `http://${host}/storage/v1/b`;
    while (!(await fetch(`${api}?project=any`).catch(() => undefined))) {
        if (child.exitCode !== null) {
            throw new Error(log);
        }
        await sleep(100);
    }
    return {
        host,
        createBucket: async (name) => {
            const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name }) };
            await fetch(`${api}?project=any`, request);
        },
        objects: async (bucket) => {
            const { items = [] } = (await (await fetch(`${api}/${bucket}/o`)).json()) as { items?: readonly { readonly name: string }[] };
            return items.map(({ name }) => name);
        },
        requested: () => [...log.matchAll(/"[A-Z]+ [^ ]*?(\.pulumi%2F[^ ?]+)/g)].map(([, name = ""]) => decodeURIComponent(name)),
        stop: async () => {
            child.kill();
            await once(child, "close");
        },
    };
}

async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    return port;
}
