import * as http from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { GOOD } from "./digits";
import { call, startService } from "./service";

/** Results of the requests around one SIGTERM. */
export interface Drained {
    readonly answered: number;
    /** Clients that the service told to close their connection. */
    readonly told: number;
    /** Clients that sent no request while the service still served their connection, because the machine was busy. */
    readonly late: number;
    /** Requests that arrived in time and were not answered with 200. */
    readonly lost: readonly string[];
    readonly exitCode: number;
    readonly seconds: number;
}

/** Number of clients with a kept-alive connection. */
export const KEPT = 8;

const INTERVAL_MS = 20;

/** Number of answers before the service stops. */
const ANSWERS = 15;

/** How long the service serves open connections after SIGTERM. */
const LINGER_MS = 1000;

/** Time limit of the service for requests in progress, in seconds. Longer than any test waits. */
const DRAIN_SECONDS = 600;

/** Time between the last new connection and SIGTERM, like `preStop` on Kubernetes. */
const PRE_STOP_MS = 300;

/**
 * Stops a service at a random moment under load, as Kubernetes does: first no new connections arrive, while clients keep using open connections until
 * the service closes them.
 */
export async function drainUnderLoad(name: string, ref: string): Promise<Drained> {
    const { container, port } = await startService(name, ref, ["--env", `DRAIN_SECONDS=${DRAIN_SECONDS}`]);
    let answered = 0;
    let told = 0;
    let late = 0;
    let closing = Infinity;
    const lost: string[] = [];
    let isOpen = true;
    const count = ({ status, body }: { readonly status: number; readonly body: string }): void => {
        if (status === 200) {
            answered++;
        } else {
            lost.push(`${status} ${body}`);
        }
    };
    const fresh = async (): Promise<void> => {
        while (isOpen) {
            await call(port, "POST", "/predict", GOOD).then(count, (error: unknown) => lost.push(`new: ${String(error)}`));
            await delay(INTERVAL_MS);
        }
    };
    const kept = async (): Promise<void> => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        for (;;) {
            const sent = Date.now();
            try {
                const answer = await ask(port, agent);
                count(answer);
                if (answer.closes) {
                    told++;
                    return;
                }
            } catch (error) {
                if (sent < closing) {
                    lost.push(`kept: ${String(error)}`);
                } else {
                    late++;
                }
                return;
            }
            await delay(INTERVAL_MS * (0.5 + Math.random()));
        }
    };
    const clients = [fresh(), fresh(), ...Array.from({ length: KEPT }, kept)];
    await delay(Math.random() * 400);
    while (answered < ANSWERS && lost.length === 0) {
        await delay(INTERVAL_MS);
    }
    isOpen = false;
    await delay(PRE_STOP_MS);
    const begun = Date.now();
    closing = begun + LINGER_MS;
    await container.signal("TERM");
    await Promise.all(clients);
    const exitCode = await container.ended();
    const seconds = (Date.now() - begun) / 1000;
    await container.remove();
    return { answered, told, late, lost, exitCode, seconds };
}

interface Kept {
    readonly status: number;
    readonly body: string;
    /** Whether the service closes the connection after this answer. */
    readonly closes: boolean;
}

function ask(port: number, agent: http.Agent): Promise<Kept> {
    return new Promise((resolve, reject) => {
        const options = { host: "127.0.0.1", port, method: "POST", path: "/predict", agent, timeout: 120_000 };
        const request = http.request(options, (response) => {
            let body = "";
            response.setEncoding("utf8");
            response.on("data", (piece: string) => (body += piece));
            response.on("error", reject);
            response.on("end", () => {
                resolve({ status: response.statusCode ?? 0, body, closes: response.headers.connection === "close" });
            });
        });
        request.on("timeout", () => request.destroy(new Error("no answer in 120 s")));
        request.on("error", reject);
        request.end(GOOD);
    });
}
