import * as fs from "node:fs";
import { withLock } from "./lock";

/**
 * Creates a folder in the cache if it does not exist. The folder only appears when it is complete. One process creates it while others
 * wait.
 * @param make fills a temporary folder, which is then renamed
 * @param progress called with one line while another process creates the folder
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
        progress("waiting for another command that builds it");
    };
    await withLock(`${entry}.lock`, makeUnderLock, { waiting });
}
