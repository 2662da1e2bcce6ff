import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import * as os from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../images/engine/engine";
import type { Workshop } from "../images/engine/workshop";
import { DIGITS, requestOf } from "../images/digits";
import { HARDENED } from "../images/hardening";

/** What a service did on one core. */
export interface Service {
    /** Seconds from `docker run` to the first 200 of the path. */
    readonly toHealth: number;
    readonly toReady: number;
    /** Milliseconds from a request to its whole answer, of the requests right after /ready and of those after them. */
    readonly first: readonly number[];
    readonly then: readonly number[];
    /** Bytes resident after the requests. */
    readonly memory: number;
}

const RATE = 200;
const SECONDS = 10;

/** Starts the image on core 0 alone, and sends it 200 requests a second from the other cores. */
export async function measureService(
    { engine, workshop }: { engine: Engine; workshop: Workshop },
    ref: string,
    options: readonly string[] = HARDENED,
): Promise<Service> {
    await engine.pull(ref);
    const port = await workshop.ports.take("bench-service");
    if (os.cpus().length < 2) {
        throw new Error("the service's core and the client's must be two");
    }
    runOn(`1-${os.cpus().length - 1}`);
    const started = performance.now();
    const starting = engine.start(ref, ["--cpuset-cpus", "0", ...options, "--env", `PORT=${port}`]);
    const toHealth = await until(port, "/health", started);
    const toReady = await until(port, "/ready", started);
    const container = await starting;
    const first = await load(port, 1);
    const then = await load(port, SECONDS);
    const { Pid } = await container.state();
    const memory = Number(/^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${Pid}/status`, "utf8"))?.[1]) * 1024;
    await container.remove();
    runOn(`0-${os.cpus().length - 1}`);
    return { toHealth, toReady, first, then, memory };
}

/** The value below which this share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

async function until(port: number, path: string, started: number): Promise<number> {
    for (;;) {
        const status = await send(port, new http.Agent(), "GET", path).catch(() => 0);
        if (status === 200) {
            return (performance.now() - started) / 1000;
        }
        if (performance.now() - started > 60_000) {
            throw new Error(`no ${path} in a minute`);
        }
        await delay(5);
    }
}

/** An open load: each request is sent when it is due, whether those before it are answered or not. */
async function load(port: number, seconds: number): Promise<readonly number[]> {
    const agent = new http.Agent({ keepAlive: true });
    const begun = performance.now();
    const pending: Promise<number>[] = [];
    for (let number = 0; number < RATE * seconds; number++) {
        const due = begun + (number * 1000) / RATE;
        while (performance.now() < due) {
            await delay(Math.max(0, due - performance.now() - 0.5));
        }
        const digit = DIGITS[number % DIGITS.length];
        if (digit === undefined) {
            throw new Error("no digits");
        }
        const sent = performance.now();
        pending.push(
            send(port, agent, "POST", "/predict", requestOf(digit)).then((status) => {
                if (status !== 200) {
                    throw new Error(`/predict answered ${status}`);
                }
                return performance.now() - sent;
            }),
        );
    }
    const took = await Promise.all(pending);
    agent.destroy();
    return took;
}

function send(port: number, agent: http.Agent, method: string, path: string, body?: string): Promise<number> {
    return new Promise((resolve, reject) => {
        const request = http.request({ host: "127.0.0.1", port, method, path, agent }, (response) => {
            response.resume().on("error", reject);
            response.on("end", () => {
                resolve(response.statusCode ?? 0);
            });
        });
        request.on("error", reject);
        request.end(body);
    });
}

/** Moves this process, which sends the requests, to the cores that are named. */
function runOn(cores: string): void {
    execFileSync("taskset", ["--all-tasks", "--pid", "--cpu-list", cores, String(process.pid)], { stdio: "ignore" });
}
