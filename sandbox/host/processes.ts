import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** A program that runs for as long as the sandbox does. */
export interface Service {
    /** Unique in the sandbox; also the name of its log file. */
    readonly name: string;
    readonly command: string;
    readonly args: readonly string[];
    /** Added to the daemon's own environment. */
    readonly env?: Readonly<Record<string, string>>;
    /** Whether it serves. Called ten times a second until it does; a rejection counts as no. */
    readonly ready: () => Promise<boolean>;
    /** Milliseconds it may take to serve. */
    readonly readyWithinMs: number;
}

/** What runs, for `npm run sandbox:status`. */
export interface RunningService {
    readonly name: string;
    readonly pid: number;
    readonly startedAt: string;
    /** How often it ended unexpectedly and was restarted. */
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

/** The daemon's children: started in order, restarted with growing pauses after an unexpected end, stopped in reverse order. */
export class Processes {
    private readonly logs: string;
    private readonly marker: Readonly<Record<string, string>>;
    private readonly supervised = new Map<string, Supervised>();

    /**
     * @param logs folder of the log files
     * @param marker environment variable of every child and grandchild; `leftovers` finds them with it after the daemon was killed
     */
    constructor(logs: string, marker: Readonly<Record<string, string>>) {
        this.logs = logs;
        this.marker = marker;
    }

    /**
     * Starts a service and waits until it serves.
     * @throws Error with the end of its log and the log's path if it ends or is not ready in time; it is stopped then
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
                ? `ended with ${entry.child.exitCode ?? entry.child.signalCode}`
                : `was not ready in ${service.readyWithinMs / 1000} s`;
            throw new Error(
                `${service.name} ${what}. The end of its log:\n${tail(this.log(service.name))}\nThe rest: ${this.log(service.name)}`,
            );
        }
        entry.child.once("exit", () => void this.restart(entry));
        if (hasEnded(entry.child)) {
            void this.restart(entry);
        }
    }

    /** Ends a service: TERM to its process group, KILL after ten seconds. Does nothing if the service does not run. */
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
        signal(entry.child, "SIGTERM");
        const killer = setTimeout(() => {
            signal(entry.child, "SIGKILL");
        }, GRACE_MS);
        await ended;
        clearTimeout(killer);
    }

    /** Ends all services, the last started first. */
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

/** The last lines of a log file; empty if the file does not exist. */
export function tail(file: string, lines = 20): string {
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n") : "";
}

function hasEnded(child: ChildProcess): boolean {
    return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
    try {
        if (child.pid !== undefined) {
            process.kill(-child.pid, name);
        }
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
            throw error;
        }
    }
}
