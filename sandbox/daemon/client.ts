import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Refused } from "./control";
import type { ClusterStatus } from "../cluster/clusters";
import type { Home } from "../home";
import { killLeftovers, marker } from "../host/leftovers";
import { type RunningService, tail } from "../host/processes";
import { mountShortPath } from "../host/short-path";
import { socketRequest } from "../host/socket-request";

const STARTS_WITHIN_MS = 120_000;
const STOPS_WITHIN_MS = 90_000;

/** Status of the daemon. */
export interface DaemonStatus {
    readonly pid: number;
    /** Host and port of the OCI registry. */
    readonly registry: string;
    /** Host and port of Google's REST API. */
    readonly api: string;
    readonly services: readonly RunningService[];
    readonly clusters: readonly ClusterStatus[];
}

/** Path of the daemon's socket. */
export function daemonSocket(home: Home): string {
    return path.join(home.run, "daemon.sock");
}

/** Returns the daemon's status; undefined if it does not respond. */
export async function daemonStatus(home: Home): Promise<DaemonStatus | undefined> {
    return ask<DaemonStatus>(home, "GET", "/status", 5000).catch(() => undefined);
}

/**
 * Returns the daemon's status.
 * @throws Error that says to start the sandbox if the daemon is not running
 */
export async function runningDaemon(home: Home): Promise<DaemonStatus> {
    const status = await daemonStatus(home);
    if (status === undefined) {
        throw new Error("The sandbox is not running. Start it with `npm start`.");
    }
    return status;
}

/**
 * Sends a request to the daemon.
 * @throws Error with the daemon's reason if it refuses, or if it does not respond
 */
export async function ask<T>(home: Home, method: "GET" | "POST", path: string, timeoutMs: number): Promise<T> {
    const { status, body } = await socketRequest(daemonSocket(home), method, path, timeoutMs);
    if (status !== 200) {
        throw new Error((body as Refused).error);
    }
    return body as T;
}

/**
 * Starts the daemon if it is not running. Kills processes of an earlier daemon that was killed.
 * @throws Error with the end of the daemon's log if it does not start
 */
export async function ensureDaemon(home: Home): Promise<DaemonStatus> {
    const running = await daemonStatus(home);
    if (running !== undefined) {
        return running;
    }
    await killLeftovers(home);
    mountShortPath(home);
    fs.mkdirSync(home.logs, { recursive: true });
    const log = path.join(home.logs, "daemon.log");
    const out = fs.openSync(log, "w");
    const child = spawn(process.execPath, ["--require", "tsx/cjs", path.join(__dirname, "main.ts"), home.clone], {
        cwd: home.clone,
        env: { ...process.env, ...marker(home) },
        stdio: ["ignore", out, out],
        detached: true,
    });
    fs.closeSync(out);
    child.unref();
    const deadline = Date.now() + STARTS_WITHIN_MS;
    while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
        const status = await daemonStatus(home);
        if (status !== undefined) {
            return status;
        }
        await delay(100);
    }
    await killLeftovers(home);
    throw new Error(
        `The sandbox's daemon did not start. The end of its log:\n${tail(log)}\nFull log: ${path.join(home.root, "logs", "daemon.log")}`,
    );
}

/** Stops the daemon and waits until it has exited. */
export async function stopDaemon(pid: number): Promise<void> {
    process.kill(pid, "SIGTERM");
    const deadline = Date.now() + STOPS_WITHIN_MS;
    while (Date.now() < deadline) {
        if (!fs.existsSync(`/proc/${pid}`)) {
            return;
        }
        await delay(100);
    }
    process.kill(pid, "SIGKILL");
}
