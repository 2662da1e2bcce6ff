import { outputOf } from "../command-line/program";
import { CommandError } from "../command-line/run";
import { isSameRelease, type Release } from "./release";
import { readRelease } from "./stack-file";

/** An earlier release of a stack file. */
export interface EarlierRelease {
    readonly release: Release;
    /** Git commit that wrote it to the stack file. */
    readonly promotedIn: string;
}

/** All releases in the git history of a stack file, newest first. */
export async function releaseHistory(file: string, folder: string): Promise<readonly EarlierRelease[]> {
    // A plumbing command, because settings such as log.showSignature change the output of `git log`.
    const commits = (await outputOf("git", ["rev-list", "HEAD", "--", file], folder)).split("\n").filter((line) => line !== "");
    const releases: EarlierRelease[] = [];
    for (const promotedIn of commits) {
        const release = await releaseAt(promotedIn, file, folder);
        const newer = releases.at(-1);
        // The oldest commit with a release is the one that wrote it.
        if (release !== undefined && newer !== undefined && isSameRelease(release, newer.release)) {
            releases.pop();
        }
        if (release !== undefined) {
            releases.push({ release, promotedIn });
        }
    }
    return releases;
}

/** Whether the clone is shallow, as in many CI jobs. */
export async function isShallow(folder: string): Promise<boolean> {
    return (await outputOf("git", ["rev-parse", "--is-shallow-repository"], folder)).trim() === "true";
}

async function releaseAt(commit: string, file: string, folder: string): Promise<Release | undefined> {
    try {
        return readRelease(await outputOf("git", ["show", `${commit}:./${file}`], folder), file);
    } catch {
        // That commit deleted the file, or it was not valid YAML.
        return undefined;
    }
}

/**
 * The release of a commit: either the commit that its images were built from, or the one that promoted it.
 * @param wanted at least 7 digits of the commit
 * @param shallow whether releases may be missing because the clone is shallow
 * @throws CommandError if none or several match
 */
export function findRelease(releases: readonly EarlierRelease[], wanted: string, stack: string, shallow = false): Release {
    if (!/^[0-9a-f]{7,40}$/.test(wanted)) {
        throw new CommandError(`${wanted} is not a commit: pass 7 to 40 hexadecimal digits.`);
    }
    const found = releases.filter(({ release, promotedIn }) => [release.commit, promotedIn].some((commit) => commit.startsWith(wanted)));
    const [newest] = found;
    if (newest === undefined) {
        const known = [...new Set(releases.map(({ release }) => release.commit.slice(0, 7)))];
        const had = known.length === 0 ? "it had none" : `it had ${known.join(", ")}`;
        throw new CommandError(
            shallow
                ? `This clone is shallow and has no release of commit ${wanted}: run \`git fetch --unshallow\` first.`
                : `Stack ${stack} never had a release of commit ${wanted}; ${had}.`,
        );
    }
    if (found.some(({ release }) => !isSameRelease(release, newest.release))) {
        const promotions = found.map(({ promotedIn }) => promotedIn.slice(0, 7));
        throw new CommandError(
            `Stack ${stack} had several releases of commit ${wanted}; name the commit that promoted it: ${promotions.join(", ")}.`,
        );
    }
    return newest.release;
}
