import * as fs from "node:fs/promises";
import * as path from "node:path";
import { CommandError } from "../command-line/run";

/**
 * Replaces a file atomically: readers see either the old or the new content, even if this process is killed. Keeps symbolic links.
 * @throws CommandError if it cannot be written; then it is unchanged
 */
export async function replaceFile(file: string, content: string): Promise<void> {
    const target = await fs.realpath(file);
    const { mode } = await fs.stat(target);
    // Every attempt uses the same name, so that it overwrites the draft of a killed attempt.
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
        // The error that prevented the write may prevent the removal, too.
        await fs.rm(draft, { force: true }).catch(() => undefined);
        throw new CommandError(`${file} cannot be written: ${(error as Error).message}`);
    }
}
