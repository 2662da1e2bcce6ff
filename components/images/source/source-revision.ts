import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import type { BuildContext, ContextFile } from "../context/context-files";
import { blobName, sha256 } from "../context/file-hash";
import { git, GitError } from "./git";

/** The commit that build contexts come from. */
export interface SourceRevision {
    /** Last commit that changed one of the folders: a change elsewhere does not rename an image. */
    readonly commit: string;
    /** Files that differ from this commit, by their path from the program's folder. */
    readonly differing: readonly string[];
}

/**
 * The commit of an image's build context and its named ones. Compares each file that the builder reads, including files that git is configured to
 * ignore changes of.
 * @throws GitError with the reason if the commit is unknown
 */
export function sourceRevision(own: BuildContext, ...named: readonly BuildContext[]): SourceRevision {
    const contexts = [own, ...named];
    const { folder } = own;
    const differing = contexts.flatMap(differingFiles);
    const paths = contexts.map((context) => path.relative(folder, context.folder) || ".");
    const commit = git(folder, "rev-list", "-1", "HEAD", "--", ...paths).trim();
    if (commit === "") {
        throw new GitError(`no commit contains ${folder}`);
    }
    if (isCutOff(folder, commit)) {
        throw new GitError(
            "the clone is shallow and may lack the commit. Run `git fetch --unshallow`, or set `fetch-depth: 0` in actions/checkout",
        );
    }
    return { commit, differing };
}

/**
 * Files of a context that differ from the newest commit, by their path from the program's folder.
 * @throws GitError with the reason if the commit is unknown
 */
export function differingFiles({ folder, files, ignoreFile, ignores }: BuildContext): string[] {
    const committed = committedFiles(folder);
    const seen = new Map([...files, ...(ignoreFile === undefined ? [] : [ignoreFile])].map((file) => [file.path, file]));
    const expected = [...committed.keys()].filter((name) => !ignores(name));
    const names = [...new Set([...expected, ...seen.keys()])].sort();
    return names.filter((name) => !isSame(committed.get(name), seen.get(name))).map((name) => `${folder}/${name}`);
}

/**
 * Tags of an image: the channel, which moves with each build, and the channel with the commit, which keeps an earlier build tagged and so protects it
 * from the clean-up. The commit alone is the tag of the build trigger, which builds other images.
 * @param content hash of all inputs of the build, for a registry with immutable tags: it is the build's only tag
 */
export function imageTags(channel: string, commit: string | undefined, content?: string): string[] {
    const committed = commit === undefined ? [] : [`${channel}-${commit.slice(0, 7)}`];
    return content === undefined ? [channel, ...committed] : [`${committed[0] ?? channel}-${content}`];
}

/** A file in a commit. */
interface CommittedFile {
    readonly mode: string;
    readonly blob: string;
}

const SUBMODULE_MODE = "160000";
const LINK_MODE = "120000";
const EXECUTABLE_MODE = "100755";

function committedFiles(folder: string): ReadonlyMap<string, CommittedFile> {
    git(folder, "rev-parse", "--git-dir");
    return new Map(filesOf(folder, fromHead(folder, "ls-tree", "-r", "-z", "HEAD")));
}

/** The files of a tree, and those of the submodules in it that are checked out, as their commits have them. */
function filesOf(folder: string, tree: string): readonly (readonly [string, CommittedFile])[] {
    return tree.split("\0").flatMap((entry) => {
        const [, mode = "", blob = "", name = ""] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(entry) ?? [];
        const module = path.join(folder, name);
        if (mode === SUBMODULE_MODE && existsSync(path.join(module, ".git"))) {
            return filesOf(module, git(module, "ls-tree", "-r", "-z", blob)).map(
                ([file, committed]) => [`${name}/${file}`, committed] as const,
            );
        }
        return name === "" ? [] : [[name, { mode, blob }] as const];
    });
}

/** HEAD is undefined in a repository without commits. */
function fromHead(folder: string, ...args: readonly string[]): string {
    try {
        return git(folder, ...args);
    } catch (error) {
        throw error instanceof GitError && error.message.includes("HEAD") ? new GitError("the repository has no commit") : error;
    }
}

/** Whether a shallow clone ends at a commit. An earlier commit, which it does not contain, may then be the last that changed the folder. */
function isCutOff(folder: string, commit: string): boolean {
    const isShallow = git(folder, "rev-parse", "--is-shallow-repository").trim() === "true";
    return isShallow && git(folder, "rev-list", "--parents", "-1", commit).trim() === commit;
}

function isSame(committed: CommittedFile | undefined, seen: ContextFile | undefined): boolean {
    if (committed === undefined || seen === undefined) {
        return false;
    }
    const { mode, blob } = committed;
    const algorithm = blob.length === 64 ? "sha256" : "sha1";
    if (seen.target !== undefined) {
        return mode === LINK_MODE && blob === nameOf(seen.target, algorithm);
    }
    // Windows has no such mode.
    const sameMode = process.platform === "win32" || seen.executable === (mode === EXECUTABLE_MODE);
    return sameMode && mode !== LINK_MODE && [blobName(seen.source, seen.bytes, algorithm), pointerName(seen, algorithm)].includes(blob);
}

/** Git LFS commits a pointer in the place of a file. https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
function pointerName({ source, bytes }: ContextFile, algorithm: "sha1" | "sha256"): string {
    return nameOf(`version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(source)}\nsize ${bytes}\n`, algorithm);
}

function nameOf(content: string, algorithm: "sha1" | "sha256"): string {
    return createHash(algorithm)
        .update(`blob ${Buffer.byteLength(content)}\0${content}`)
        .digest("hex");
}
