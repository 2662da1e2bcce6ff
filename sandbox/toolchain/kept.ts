import * as fs from "node:fs";
import { withLock } from "./lock";

/**
 * Creates a folder of the cache if it does not exist. It appears whole or not at all. One process of the machine makes it; others wait.
 * @param make fills a folder, which then becomes the entry
 * @param progress called with one line while another process makes the entry
 */
export async function kept(
    entry: string,
    make: (folder: string) => Promise<void>,
    progress: (line: string) => void = () => undefined,
): Promise<void> {
    if (fs.existsSync(entry)) {
        return;
    }
    const makeUnderLock = async (): Promise<void> => {
        if (fs.existsSync(entry)) {
            return;
        }
        const making = `${entry}.making`;
        fs.rmSync(making, { recursive: true, force: true }); // left by a killed process
        fs.mkdirSync(making, { recursive: true });
        try {
            await make(making);
            fs.renameSync(making, entry);
        } finally {
            fs.rmSync(making, { recursive: true, force: true });
        }
    };
    const waiting = (): void => {
        progress("waiting for another command that makes it");
    };
    await withLock(`${entry}.lock`, makeUnderLock, { waiting });
}
