/**
 * Runs its work after each request, one run at a time. Requests during a run trigger one more run. Errors are only printed, because the
 * next request tries again.
 */
export class Reconciler {
    private last: Promise<void> = Promise.resolve();
    private queued = false;
    private stopped = false;

    /** @param name prefix of error messages */
    constructor(
        private readonly name: string,
        private readonly work: () => Promise<void>,
    ) {}

    request(): void {
        if (this.queued || this.stopped) {
            return;
        }
        this.queued = true;
        this.last = this.last.then(async () => {
            this.queued = false;
            await this.work().catch((error: unknown) => {
                process.stderr.write(`${this.name}: ${String(error)}\n`);
            });
        });
    }

    /** Resolves when the work for all requests so far is done. */
    settled(): Promise<void> {
        return this.last;
    }

    /** Ignores further requests, and resolves when the work for earlier ones is done. */
    async stop(): Promise<void> {
        this.stopped = true;
        await this.last;
    }
}
