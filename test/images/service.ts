import * as http from "node:http";
import { HARDENED } from "./hardening";
import type { Container } from "./engine/container";
import { shared } from "./hooks";

/** An answer of the service. */
export interface Answer {
    readonly status: number;
    readonly body: string;
}

/** Sends one request on a new connection. Rejects with the system's error if no answer arrives. */
export function call(port: number, method: "GET" | "POST", path: string, body?: string | Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
        const request = http.request({ host: "127.0.0.1", port, method, path, agent: false, timeout: 120_000 }, (response) => {
            const pieces: Buffer[] = [];
            response.on("data", (piece: Buffer) => pieces.push(piece));
            response.on("error", reject);
            response.on("end", () => {
                resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces).toString() });
            });
        });
        request.on("timeout", () => request.destroy(new Error("no answer in 120 s")));
        request.on("error", reject);
        request.end(body);
    });
}

/** A ready service in a container. */
export interface RunningService {
    readonly container: Container;
    readonly port: number;
}

/** Starts the service's image with the restrictions of Kubernetes, and waits until it is ready. */
export async function startService(name: string, ref: string, options: readonly string[] = []): Promise<RunningService> {
    const { engine, workshop } = shared();
    const port = await workshop.ports.take(name);
    const container = await engine.start(ref, [...HARDENED, "--env", `PORT=${port}`, ...options]);
    await container.until("ready", async () => (await call(port, "GET", "/ready")).status === 200);
    return { container, port };
}
