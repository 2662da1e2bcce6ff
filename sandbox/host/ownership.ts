import * as fs from "node:fs";
import * as path from "node:path";

/** A user and a group, by their numbers. */
export interface Owner {
    readonly uid: number;
    readonly gid: number;
}

/** The user who called sudo or started the sandbox's container; undefined if root or another user runs the sandbox directly. */
export function invoker(env: NodeJS.ProcessEnv = process.env): Owner | undefined {
    if (process.getuid?.() !== 0) {
        return undefined;
    }
    const [uid, gid] = [Number(env.SUDO_UID ?? 0), Number(env.SUDO_GID ?? 0)];
    return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : undefined;
}

/**
 * Gives files that root created in a user's folder to that user. Folders of other users are left alone, and so are the packages: scripts/with-dependencies.cjs
 * sets their owner.
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
