import {
    chmodSync,
    copyFileSync,
    lchownSync,
    lstatSync,
    mkdirSync,
    readdirSync,
    readlinkSync,
    rmSync,
    statSync,
    symlinkSync,
} from "node:fs";
import path from "node:path";
import type { BuildContext, ContextFile } from "./context-files";
import { sha256 } from "./file-hash";

/** Folder of the copies, in the program's folder. Git ignores it. */
export const STAGE = ".contexts";

/**
 * Copies a build context with the modes that git records, and gives the path of the copy. A checkout has the modes of its umask, and both the provider and the
 * build cache compare modes: without the copy, colleagues under another umask would build every image again.
 * https://github.com/pulumi/pulumi-docker-build/blob/v0.0.22/provider/internal/context.go
 */
export function stagedContext({ folder, files }: BuildContext): string {
    const stage = path.posix.join(STAGE, folder);
    const { uid, gid } = statSync(folder);
    // The copies of `sudo` belong to the owner of the checkout, who could not remove them otherwise.
    const own = (copy: string): void => {
        if (process.getuid?.() === 0) {
            lchownSync(copy, uid, gid);
        }
    };
    const makeFolder = (wanted: string): void => {
        const first = mkdirSync(wanted, { recursive: true });
        for (let made = wanted; first !== undefined && made.length >= first.length; made = path.dirname(made)) {
            own(made);
        }
    };
    makeFolder(stage);
    removeOthers(stage, "", files);
    for (const file of files) {
        const copy = path.join(stage, file.path);
        if (!isCopied(file, copy)) {
            makeFolder(path.dirname(copy));
            copyTo(copy, file);
            own(copy);
        }
    }
    return stage;
}

const modeOf = ({ executable }: ContextFile): number => (executable ? 0o755 : 0o644);

function copyTo(copy: string, file: ContextFile): void {
    rmSync(copy, { force: true });
    if (file.target !== undefined) {
        symlinkSync(file.target, copy);
        return;
    }
    copyFileSync(file.source, copy);
    chmodSync(copy, modeOf(file));
}

/** An up-to-date copy stays untouched: another update may be reading it. */
function isCopied(file: ContextFile, copy: string): boolean {
    const stats = lstatSync(copy, { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true) {
        return file.target === readlinkSync(copy);
    }
    const isAlike = stats?.isFile() === true && file.target === undefined && (stats.mode & 0o777) === modeOf(file);
    return isAlike && stats.size === file.bytes && sha256(file.source) === sha256(copy);
}

/** Removes the copies of earlier contexts. */
function removeOthers(stage: string, folder: string, files: readonly ContextFile[]): void {
    for (const entry of readdirSync(path.join(stage, folder), { withFileTypes: true })) {
        const name = path.posix.join(folder, entry.name);
        const isKept = files.some((file) => (entry.isDirectory() ? file.path.startsWith(`${name}/`) : file.path === name));
        if (!isKept) {
            rmSync(path.join(stage, name), { recursive: true });
        } else if (entry.isDirectory()) {
            removeOthers(stage, name, files);
        }
    }
}
