import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Sends requests to an address until it is stopped, and counts the successful ones. Each request opens its own connection, because a kept-alive
 * connection can end with its pod during a request.
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
