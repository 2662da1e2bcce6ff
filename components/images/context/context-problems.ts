import { closeSync, lstatSync, openSync, readSync, readlinkSync, realpathSync } from "node:fs";
import path from "node:path";
import { Refusal } from "../../config/pulumi-sdk";

const MOST_SHOWN = 10;

/** A build context from which no image can be built. Its message lists the files, with a remedy for each. */
export class ContextError extends Refusal {
    override readonly name = "ContextError";

    constructor(context: string, problems: readonly string[]) {
        const more = problems.length - MOST_SHOWN;
        const lines = [...problems.slice(0, MOST_SHOWN), ...(more > 0 ? [`and ${more} more`] : [])];
        super(`No image can be built from ${context}; nothing was changed.\n${lines.map((line) => `  ${line}`).join("\n")}`);
    }
}

/** Why a file or link of a context cannot be in an image; undefined if it can. */
export function problemOf(file: string, context: string): string | undefined {
    const stats = lstatSync(file);
    if (stats.isSymbolicLink()) {
        return linkProblem(file, context);
    }
    if (!stats.isFile()) {
        return `is a socket, a pipe or a device: remove it, or add it to ${context}/.dockerignore`;
    }
    if (SECRET_NAME.test(path.basename(file))) {
        return secretProblem(context);
    }
    try {
        return contentProblem(beginningOf(file), file, context);
    } catch (error) {
        return `cannot be read: ${(error as Error).message}`;
    }
}

/** A link is copied as a link, so that its target has to be in the image too. */
function linkProblem(file: string, context: string): string | undefined {
    const target = readlinkSync(file);
    try {
        const inside = path.relative(realpathSync(context), realpathSync(file));
        if (!inside.startsWith("..") && !path.isAbsolute(inside) && !path.isAbsolute(target)) {
            return undefined;
        }
        return `is a link to ${target}, outside the context, which the builder does not follow: replace it with the file`;
    } catch {
        return `is a link to ${target}, which does not exist: remove it, or add it to ${context}/.dockerignore`;
    }
}

/** Names of files that hold credentials, except for examples. */
const SECRET_NAME =
    /^(\.env(?!\.(example|sample|template)$)(\..+)?|\.netrc|\.pypirc|\.git-credentials|id_(rsa|dsa|ecdsa|ed25519)|application_default_credentials\.json|.+\.(p12|pfx|jks))$/;

const secretProblem = (context: string): string =>
    `looks like a secret, and anyone who pulls the image can read it: add it to ${context}/.dockerignore, and provide it to the pod at run time`;

function contentProblem(beginning: string, file: string, context: string): string | undefined {
    if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/m.test(beginning) || beginning.includes('"private_key": "-----BEGIN')) {
        return secretProblem(context);
    }
    if (beginning.startsWith("version https://git-lfs.github.com/spec/")) {
        return "is a pointer of Git LFS, not the file itself: run `git lfs pull`";
    }
    if ((beginning.startsWith("#!") || file.endsWith(".sh")) && /^[^\n]*\r\n/m.test(beginning)) {
        return `is a script with Windows line endings, which no shell in the image can run: convert it, for example with \`dos2unix ${file}\``;
    }
    return undefined;
}

const BEGINNING_BYTES = 16_384;

function beginningOf(file: string): string {
    const descriptor = openSync(file, "r");
    try {
        const buffer = Buffer.alloc(BEGINNING_BYTES);
        return buffer.toString("latin1", 0, readSync(descriptor, buffer));
    } finally {
        closeSync(descriptor);
    }
}
