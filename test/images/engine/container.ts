import { setTimeout as delay } from "node:timers/promises";

/** How long a test waits for a container. Only a failing test waits this long. */
const PATIENCE_MS = 120_000;

/** The state in the output of `docker inspect`. */
export interface State {
    readonly Status: string;
    readonly Running: boolean;
    readonly ExitCode: number;
    readonly Pid: number;
    readonly Health?: { readonly Status: string };
}

/** The commands of the engine that a container uses. */
interface Docker {
    docker(...args: readonly string[]): Promise<string>;
    logs(id: string, which: "stdout" | "stderr"): Promise<string>;
}

/** A container that a test started. */
export class Container {
    private removed = false;

    constructor(
        private readonly engine: Docker,
        readonly id: string,
    ) {}

    async state(): Promise<State> {
        return JSON.parse(await this.engine.docker("inspect", "--format", "{{json .State}}", this.id)) as State;
    }

    /** Standard output and standard error. */
    async logs(): Promise<{ out: string; err: string }> {
        return { out: await this.engine.logs(this.id, "stdout"), err: await this.engine.logs(this.id, "stderr") };
    }

    /** Runs a program in the container. @returns its standard output */
    exec(...command: readonly string[]): Promise<string> {
        return this.engine.docker("exec", this.id, ...command);
    }

    signal(name: "TERM" | "KILL"): Promise<string> {
        return this.engine.docker("kill", "--signal", name, this.id);
    }

    /** Waits until the container ends. @returns its exit status */
    async ended(): Promise<number> {
        return Number(await this.engine.docker("wait", this.id));
    }

    /** Waits until the health check succeeds. @throws Error with the logs if the container ends or does not become healthy in time */
    async healthy(): Promise<void> {
        await this.until("healthy", async () => (await this.state()).Health?.Status === "healthy");
    }

    /** Waits for a condition. @throws Error with the logs if the container ends or the condition does not become true in time */
    async until(what: string, holds: () => Promise<boolean>): Promise<void> {
        const deadline = Date.now() + PATIENCE_MS;
        while (!(await holds().catch(() => false))) {
            const { Running, ExitCode } = await this.state();
            if (!Running || Date.now() > deadline) {
                const { out, err } = await this.logs();
                throw new Error(`${Running ? `not ${what} in time` : `ended with ${ExitCode} before it was ${what}`}:\n${out}${err}`);
            }
            await delay(20);
        }
    }

    async remove(): Promise<void> {
        if (this.removed) {
            return;
        }
        this.removed = true;
        await this.engine.docker("rm", "--force", "--volumes", this.id);
    }
}
