import * as fs from "node:fs";
import * as path from "node:path";

/** A user and a group, by their numbers. */
export interface Owner {
    readonly uid: number;
    readonly gid: number;
}

/** Whom root works for: the user who called sudo, or who started the sandbox's container. Undefined for anyone else, and for root as itself. */
export function invoker(env: NodeJS.ProcessEnv = process.env): Owner | undefined {
    if (process.getuid?.() !== 0) {
        return undefined;
    }
    const [uid, gid] = [Number(env.SUDO_UID ?? 0), Number(env.SUDO_GID ?? 0)];
    return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : undefined;
}

/**
 * Gives what root made in a user's folder to that user. Nothing happens to a folder of somebody else, nor to the packages, whose owner
 * scripts/with-dependencies.cjs sees to.
 */
export function giveBack(folder: string, owner: Owner | undefined): void {
    if (fs.statSync(folder).uid !== owner?.uid) {
        return;
    }
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        if (entry.name === "node_modules") {
            continue;
        }
        const file = path.join(folder, entry.name);
        const isRoots = fs.lstatSync(file).uid === 0;
        if (isRoots) {
            fs.lchownSync(file, owner.uid, owner.gid);
        }
        if (entry.isDirectory()) {
            giveBack(file, owner);
        }
    }
}
