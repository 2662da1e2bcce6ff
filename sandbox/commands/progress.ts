import type { ListrTaskWrapper } from "listr2";

/** A terminal redraws; a log gets a line now and then, enough to see that the step is alive. */
const EVERY_MS = process.stdout.isTTY ? 200 : 20_000;

/** Shows lines as the output of a step, no more of them than can be read. */
export function progressOf(task: Pick<ListrTaskWrapper<unknown, never, never>, "output">): (line: string) => void {
    let last = 0;
    return (line) => {
        if (Date.now() - last < EVERY_MS) {
            return;
        }
        last = Date.now();
        task.output = line;
    };
}
