import { setTimeout as delay } from "node:timers/promises";

/** Asks an address again and again until it is stopped, and counts how often it answered with success. */
export class Probe {
    private asked = 0;
    private answered = 0;
    private stopped = false;
    private readonly running: Promise<void>;

    /** @param everyMs pause between two requests */
    constructor(
        private readonly url: string,
        private readonly everyMs = 50,
    ) {
        this.running = this.run();
    }

    async stop(): Promise<{ readonly asked: number; readonly answered: number }> {
        this.stopped = true;
        await this.running;
        return { asked: this.asked, answered: this.answered };
    }

    private async run(): Promise<void> {
        while (!this.stopped) {
            this.asked += 1;
            const ok = await fetch(this.url, { signal: AbortSignal.timeout(2000) }).then(
                (response) => response.ok,
                () => false,
            );
            if (ok) {
                this.answered += 1;
            }
            await delay(this.everyMs);
        }
    }
}
