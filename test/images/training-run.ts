import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { HARDENED } from "./hardening";
import type { Container } from "./engine/container";
import { shared } from "./hooks";

/** The trainer's report. */
export interface Report {
    readonly accuracy: number;
    readonly epochs: number;
    readonly shm_bytes: number;
    readonly shm_used_bytes: number;
    readonly resumed_from_epoch: number | null;
}

/** The result of a run. */
export interface Finished {
    readonly exitCode: number;
    readonly out: string;
    readonly err: string;
}

/** A run with a volume for its checkpoints. It can be started again. */
export class TrainingRun {
    private readonly volume: string;

    constructor() {
        this.volume = shared().workshop.folder("checkpoints");
        fs.chownSync(this.volume, 1000, 1000);
    }

    async start(args: readonly string[], shm = "8g"): Promise<Container> {
        const { engine, images } = shared();
        const options = [
            "--shm-size",
            shm,
            "--volume",
            `${this.volume}:/checkpoints`,
            "--env",
            "CHECKPOINT_DIR=/checkpoints",
            "--env",
            "RUN_ID=run",
        ];
        return engine.start((await images.get("training")).ref, [...HARDENED, ...options], args);
    }

    /** Starts the run and waits until it ends. */
    async finish(args: readonly string[], shm = "8g"): Promise<Finished> {
        const container = await this.start(args, shm);
        const exitCode = await container.ended();
        const { out, err } = await container.logs();
        await container.remove();
        return { exitCode, out, err };
    }

    /**
     * Starts the run and kills it at a random moment.
     * @param withinMs latest moment after the start, in milliseconds
     * @returns its output, and whether it was killed before it ended
     */
    async killed(args: readonly string[], withinMs: number): Promise<{ out: string; killed: boolean }> {
        const container = await this.start(args);
        await delay(Math.random() * withinMs);
        await container.signal("KILL").catch(() => undefined); // The run may have ended.
        const exitCode = await container.ended();
        const { out } = await container.logs();
        await container.remove();
        return { out, killed: exitCode === 137 };
    }

    model(): Buffer {
        return fs.readFileSync(path.join(this.volume, "run", "model.onnx"));
    }

    /** Checkpoints and files of an interrupted write. */
    files(): readonly string[] {
        return fs.readdirSync(path.join(this.volume, "run"));
    }
}

export function reportOf(out: string): Report {
    return JSON.parse(out.trimEnd().split("\n").at(-1) ?? "") as Report;
}
