import { existsSync, lstatSync, readFileSync, readdirSync, readlinkSync } from "node:fs";
import path from "node:path";
import dockerignore from "@balena/dockerignore";
import { ContextError, problemOf } from "./context-problems";
import { sha256 } from "./file-hash";
import type { ImageRecipe } from "../image-recipe";

/** A file or link in an image's build contexts. */
export interface ContextFile {
    /** Path in the context, with `/` between its parts. */
    readonly path: string;
    /** Path from the program's folder. */
    readonly source: string;
    readonly bytes: number;
    readonly executable: boolean;
    /** Target of a link; undefined for a file. */
    readonly target: string | undefined;
}

/** The inputs of an image's build. */
export interface BuildContext {
    /** Path from the program's folder. */
    readonly folder: string;
    /** Files in the order of their paths, with the Dockerfile even if the ignore file excludes it. */
    readonly files: readonly ContextFile[];
    /** Whether the ignore file excludes a path of the context. */
    readonly ignores: (file: string) => boolean;
    /** The ignore file, which selects the other files. */
    readonly ignoreFile: ContextFile | undefined;
}

/** A folder to build from. A named context has no Dockerfile. */
type Source = Pick<ImageRecipe, "context"> & Partial<Pick<ImageRecipe, "dockerfile">>;

/** Everything that an image's build sees: its context, and the named ones that its Dockerfile copies from. */
export function buildContexts({ context, dockerfile, namedContexts }: Pick<ImageRecipe, "context" | "dockerfile" | "namedContexts">): {
    readonly own: BuildContext;
    readonly named: Readonly<Record<string, BuildContext>>;
} {
    const named = Object.entries(namedContexts).map(([name, folder]) => [name, buildContext({ context: folder })] as const);
    return { own: buildContext({ context, dockerfile }), named: Object.fromEntries(named) };
}

/**
 * The files of a folder that an image's build sees. Ignored files cannot change the image, except for the Dockerfile itself.
 * @throws ContextError with every file that an image cannot be built from
 */
export function buildContext({ context, dockerfile }: Source): BuildContext {
    const missing = [context, dockerfile].find((needed) => needed !== undefined && !existsSync(needed));
    if (missing !== undefined) {
        throw new ContextError(context, [`${missing} does not exist`]);
    }
    // The Dockerfile's own ignore file takes precedence over the context's. https://docs.docker.com/build/concepts/context/#filename-and-location
    const own = dockerfile === undefined ? [] : [`${dockerfile}.dockerignore`];
    const ignoreFile = [...own, path.join(context, ".dockerignore")].find(existsSync);
    const matcher = dockerignore().add(ignoreFile === undefined ? "" : readFileSync(ignoreFile, "utf8"));
    const isDockerfile = (file: string): boolean => dockerfile !== undefined && path.join(context, file) === path.normalize(dockerfile);
    const ignores = (file: string): boolean => !isDockerfile(file) && matcher.ignores(file);

    const problems: string[] = [];
    const files = entries(context, "", ignores, problems)
        .toSorted((one, other) => (one < other ? -1 : 1))
        .flatMap((file): readonly ContextFile[] => {
            const source = path.join(context, file);
            const problem = problemOf(source, context);
            if (problem !== undefined) {
                problems.push(`${source} ${problem}`);
                return [];
            }
            return [described(context, source)];
        });
    if (problems.length > 0) {
        throw new ContextError(context, problems);
    }
    return { folder: context, files, ignores, ignoreFile: ignoreFile === undefined ? undefined : described(context, ignoreFile) };
}

function described(context: string, source: string): ContextFile {
    const stats = lstatSync(source);
    return {
        path: path.relative(context, source).split(path.sep).join("/"),
        source,
        bytes: stats.size,
        executable: (stats.mode & 0o100) !== 0,
        target: stats.isSymbolicLink() ? readlinkSync(source) : undefined,
    };
}

/** All files and links below a folder that are not ignored. A folder that cannot be read is a problem only if the build would read it. */
function entries(context: string, folder: string, ignores: (file: string) => boolean, problems: string[]): string[] {
    try {
        return readdirSync(path.join(context, folder), { withFileTypes: true }).flatMap((entry) => {
            const file = path.posix.join(folder, entry.name);
            if (entry.isDirectory()) {
                return entries(context, file, ignores, problems);
            }
            return ignores(file) ? [] : [file];
        });
    } catch (error) {
        if (folder === "" || !ignores(folder)) {
            problems.push(`${path.join(context, folder)} cannot be read: ${(error as Error).message}`);
        }
        return [];
    }
}

/** Each file of contexts, by its path from the program's folder, with the beginning of its content's SHA-256, or the target of a link: a preview names those that change. */
export function contentHashes(contexts: readonly BuildContext[]): Record<string, string> {
    const files = contexts.flatMap(({ files }) => files);
    return Object.fromEntries(files.map((file) => [file.source.split(path.sep).join("/"), contentHash(file)]));
}

function contentHash({ source, target, executable }: ContextFile): string {
    return target === undefined ? `${sha256(source).slice(0, 12)}${executable ? " +x" : ""}` : `→ ${target}`;
}

/** Size of a context in bytes above which a warning is logged: each builder reads all of it. */
const LARGE_BYTES = 2 ** 29;

/** The warning for a very large context; undefined for others. */
export function sizeWarning({ folder, files }: BuildContext): string | undefined {
    const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    const largest = files.toSorted((one, other) => other.bytes - one.bytes)[0];
    if (total <= LARGE_BYTES || largest === undefined) {
        return undefined;
    }
    return `${folder} sends ${gibibytes(total)} to the builder, ${gibibytes(largest.bytes)} of it ${largest.path}. Add what the image does not need to ${folder}/.dockerignore, or mount large files from a bucket.`;
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
