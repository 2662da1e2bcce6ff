import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { signal } from "./proc";

/** A program that runs as long as the sandbox does. */
export interface Service {
    /** Unique in the sandbox; also the name of the log file. */
    readonly name: string;
    readonly command: string;
    readonly args: readonly string[];
    /** Variables to add to the daemon's environment. */
    readonly env?: Readonly<Record<string, string>>;
    /** Returns whether the service is ready. Called ten times a second until it is; a rejection counts as not ready. */
    readonly ready: () => Promise<boolean>;
    /** Time limit to become ready, in milliseconds. */
    readonly readyWithinMs: number;
}

/** A running service, for `npm run sandbox:status`. */
export interface RunningService {
    readonly name: string;
    readonly pid: number;
    readonly startedAt: string;
    /** Number of restarts after an unexpected exit. */
    readonly restarts: number;
}

interface Supervised {
    readonly service: Service;
    child: ChildProcess;
    startedAt: Date;
    restarts: number;
    stopping: boolean;
}

const GRACE_MS = 10_000;
const LONGEST_BACKOFF_MS = 30_000;

/** Child processes of the daemon. They start in order, restart with back-off after an unexpected exit, and stop in reverse order. */
export class Processes {
    private readonly supervised = new Map<string, Supervised>();

    /**
     * @param logs folder for the log files
     * @param marker environment variable of all descendants; `leftovers` uses it to find them after the daemon was killed
     */
    constructor(
        private readonly logs: string,
        private readonly marker: Readonly<Record<string, string>>,
    ) {}

    /**
     * Starts a service and waits until it is ready.
     * @throws Error with the path and the end of its log if it exits or is not ready in time; the service is then stopped
     */
    async start(service: Service): Promise<void> {
        if (this.supervised.has(service.name)) {
            throw new Error(`${service.name} is already running`);
        }
        fs.mkdirSync(this.logs, { recursive: true });
        fs.rmSync(this.log(service.name), { force: true });
        const entry: Supervised = { service, child: this.spawn(service), startedAt: new Date(), restarts: 0, stopping: false };
        this.supervised.set(service.name, entry);
        const deadline = Date.now() + service.readyWithinMs;
        while (!(await service.ready().catch(() => false))) {
            const ended = hasEnded(entry.child);
            if (!ended && Date.now() < deadline) {
                await delay(100);
                continue;
            }
            await this.stop(service.name);
            const what = ended
                ? `exited with ${entry.child.exitCode ?? entry.child.signalCode}`
                : `was not ready in ${service.readyWithinMs / 1000} s`;
            throw new Error(
                `${service.name} ${what}. The end of its log:\n${tail(this.log(service.name))}\nFull log: ${this.log(service.name)}`,
            );
        }
        entry.child.once("exit", () => void this.restart(entry));
        if (hasEnded(entry.child)) {
            void this.restart(entry);
        }
    }

    /** Stops a service: SIGTERM to its process group, SIGKILL after ten seconds. Does nothing if the service is not running. */
    async stop(name: string): Promise<void> {
        const entry = this.supervised.get(name);
        if (entry === undefined) {
            return;
        }
        entry.stopping = true;
        this.supervised.delete(name);
        if (hasEnded(entry.child)) {
            return;
        }
        const ended = once(entry.child, "exit");
        signalGroup(entry.child, "SIGTERM");
        const killer = setTimeout(() => {
            signalGroup(entry.child, "SIGKILL");
        }, GRACE_MS);
        await ended;
        clearTimeout(killer);
    }

    /** Stops all services in reverse start order. */
    async stopAll(): Promise<void> {
        for (const name of [...this.supervised.keys()].reverse()) {
            await this.stop(name);
        }
    }

    running(): readonly RunningService[] {
        return [...this.supervised.values()]
            .filter(({ child }) => child.pid !== undefined && !hasEnded(child))
            .map(({ service, child, startedAt, restarts }) => ({
                name: service.name,
                pid: child.pid as number,
                startedAt: startedAt.toISOString(),
                restarts,
            }));
    }

    private log(name: string): string {
        return path.join(this.logs, `${name}.log`);
    }

    private spawn(service: Service): ChildProcess {
        const out = fs.openSync(this.log(service.name), "a");
        const child = spawn(service.command, service.args, {
            env: { ...process.env, ...service.env, ...this.marker },
            stdio: ["ignore", out, out],
            detached: true,
        });
        child.on("error", (error) => {
            fs.appendFileSync(this.log(service.name), `${error.message}\n`);
        });
        fs.closeSync(out);
        return child;
    }

    private async restart(entry: Supervised): Promise<void> {
        await delay(Math.min(1000 * 2 ** entry.restarts, LONGEST_BACKOFF_MS));
        if (entry.stopping) {
            return;
        }
        entry.restarts += 1;
        entry.startedAt = new Date();
        entry.child = this.spawn(entry.service);
        entry.child.once("exit", () => void this.restart(entry));
    }
}

/** Returns the last lines of a log file; empty if the file does not exist. */
export function tail(file: string, lines = 20): string {
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n") : "";
}

function hasEnded(child: ChildProcess): boolean {
    return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
    if (pid !== undefined) {
        signal(-pid, name);
    }
}
