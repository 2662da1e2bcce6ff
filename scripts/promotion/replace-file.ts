import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CommandError } from "../command-line/run";

/**
 * Replaces a file's content in one step: whoever reads it, and whatever ends this process, finds the old content or the new one, whole. A link stays a link.
 * @throws CommandError where it cannot be written; then it is as it was
 */
export async function replaceFile(file: string, content: string): Promise<void> {
    const target = await fs.realpath(file);
    const { mode } = await fs.stat(target);
    // One name for every try, so that what a killed one left is overwritten by the next.
    const draft = path.join(path.dirname(target), `.${path.basename(target)}.draft`);
    try {
        const handle = await fs.open(draft, "w", mode);
        try {
            await handle.writeFile(content);
            await handle.sync();
        } finally {
            await handle.close();
        }
        await fs.rename(draft, target);
    } catch (error) {
        // What kept the draft from being written may keep it from being removed.
        await fs.rm(draft, { force: true }).catch(() => undefined);
        throw new CommandError(`${file} cannot be written: ${(error as Error).message}`);
    }
}
