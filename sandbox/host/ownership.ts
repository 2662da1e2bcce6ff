import * as fs from "node:fs";
import * as path from "node:path";

/** Numeric IDs of a user and a group. */
export interface Owner {
    readonly uid: number;
    readonly gid: number;
}

/**
 * Returns the user who called sudo or started the sandbox's container; undefined if the sandbox runs directly as root or as another user.
 */
export function invoker(env: NodeJS.ProcessEnv = process.env): Owner | undefined {
    if (process.getuid?.() !== 0) {
        return undefined;
    }
    const [uid, gid] = [Number(env.SUDO_UID ?? 0), Number(env.SUDO_GID ?? 0)];
    return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : undefined;
}

/**
 * Changes the owner of files that root created in a user's folder to that user. Skips folders of other users, and node_modules:
 * scripts/with-dependencies.cjs sets its owner.
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
