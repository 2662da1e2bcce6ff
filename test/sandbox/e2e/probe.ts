import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Asks an address again and again until it is stopped, and counts how often it answered with success. Each request has a connection of its own: one that is kept
 * alive can end with its pod while a request is on the way.
 */
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
            if (await isAnswered(this.url)) {
                this.answered += 1;
            }
            await delay(this.everyMs);
        }
    }
}

const isAnswered = (url: string): Promise<boolean> =>
    new Promise((resolve) => {
        const request = get(url, { agent: false, timeout: 10_000 }, (response) => {
            response.resume();
            resolve(response.statusCode === 200);
        });
        request.on("timeout", () => request.destroy());
        request.on("error", () => {
            resolve(false);
        });
    });
