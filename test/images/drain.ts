import { setTimeout as delay } from "node:timers/promises";
import { GOOD } from "./digits";
import { call, startService } from "./service";

/** What became of the requests around one SIGTERM. */
export interface Drained {
    readonly answered: number;
    /** Not accepted: the client knows at once, and asks another replica. */
    readonly refused: number;
    /** Accepted, and never answered rightly. */
    readonly lost: readonly string[];
    readonly exitCode: number;
    readonly seconds: number;
}

const INTERVAL_MS = 20; // 50 requests a second

/** Stops a service at a random moment under 50 requests a second, with a client that goes on asking until it is refused. */
export async function drainUnderLoad(name: string, ref: string): Promise<Drained> {
    const { container, port } = await startService(name, ref);
    let answered = 0;
    let refused = 0;
    const lost: string[] = [];
    const one = async (): Promise<void> => {
        try {
            const { status, body } = await call(port, "POST", "/predict", GOOD);
            if (status === 200) answered++;
            else lost.push(`${String(status)} ${body}`);
        } catch (error) {
            const { code, message } = error as NodeJS.ErrnoException;
            if (code === "ECONNREFUSED") refused++;
            else lost.push(`${String(code)} ${message}`);
        }
    };
    const pending: Promise<void>[] = [];
    const stopAfter = 15 + Math.floor(Math.random() * 20);
    let begun = 0;
    let stopped: Promise<unknown> = Promise.resolve();
    for (let number = 0; number < stopAfter + 50; number++) {
        pending.push(one());
        if (number === stopAfter) {
            begun = Date.now();
            stopped = container.signal("TERM");
        }
        await delay(INTERVAL_MS);
    }
    await stopped;
    const exitCode = await container.ended();
    const seconds = (Date.now() - begun) / 1000;
    await Promise.all(pending);
    await container.remove();
    return { answered, refused, lost, exitCode, seconds };
}
