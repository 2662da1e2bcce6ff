import * as fs from "node:fs";
import { withLock } from "./lock";

/**
 * A folder of the cache, made where it is not there yet. It appears whole or not at all, and one process of the machine makes it: another that wants it
 * meanwhile waits, and finds it made.
 * @param make fills the folder that it is given, which becomes the entry when it is done
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
        fs.rmSync(making, { recursive: true, force: true }); // of one that was killed
        fs.mkdirSync(making, { recursive: true });
        try {
            await make(making);
            fs.renameSync(making, entry);
        } finally {
            fs.rmSync(making, { recursive: true, force: true });
        }
    };
    const waiting = (): void => {
        progress("another command is making it: waiting");
    };
    await withLock(`${entry}.lock`, makeUnderLock, { waiting });
}
