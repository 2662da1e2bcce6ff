import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { outputOf } from "../command-line/program";
import { readText } from "../command-line/read-text";
import { CommandError } from "../command-line/run";
import { acceptedBy } from "./conditions/accepted";
import { checkRelease } from "./conditions/release-check";
import { teamRepositories } from "./conditions/team-repositories";
import { difference, rollback } from "./difference";
import { isSameRelease, type Release, withoutMilliseconds } from "./release";
import { findRelease, isShallow, releaseHistory } from "./release-history";
import { replaceFile } from "./replace-file";
import { checkPlain, readImagesFrom, readRelease, writeRelease } from "./stack-file";
import { checkCommitted, stackFileName } from "./stack-files";
import { deployedRelease } from "./stack-state";

const USAGE = "Usage: npm run promote -- --to <stack> (--from <stack> | --release <commit>) [--dry-run]";

export const HELP = `${USAGE}

Writes a release into a stack's file: the digests of its images, and their commit. The stack runs them once you commit the file and deploy.

  --to <stack>        the stack that gets the release
  --from <stack>      the stack that runs the release
  --release <commit>  an earlier release of --to, by its commit or the beginning of it: a rollback
  --dry-run           print what would change, and change nothing
`;

/**
 * `npm run promote`.
 * @param args arguments of the command
 * @param folder the folder with the stack files
 * @param print receives the output of the command
 * @returns the exit status
 * @throws CommandError with the reason, or all images that are refused and why; then nothing was changed
 */
export async function promote(args: readonly string[], folder: string, print: (text: string) => void): Promise<number> {
    const {
        from,
        to,
        release,
        "dry-run": dryRun,
    } = parseArgs({
        args: [...args],
        options: {
            from: { type: "string" },
            to: { type: "string" },
            release: { type: "string" },
            "dry-run": { type: "boolean", default: false },
        },
    }).values;
    if (to === undefined || (from === undefined) === (release === undefined)) {
        throw new CommandError(USAGE);
    }
    if (from === to) {
        throw new CommandError(`Stack ${to} cannot be promoted to itself.`);
    }

    const file = stackFileName(to, folder);
    const text = await readText(path.join(folder, file));
    checkPlain(text, file);
    const accepted = acceptedBy(text, file);
    const before = readRelease(text, file);
    await checkCommitted(file, folder);

    const wanted =
        from === undefined
            ? findRelease(await releaseHistory(file, folder), String(release), to, await isShallow(folder))
            : await deployed(from, folder, print);
    const time = withoutMilliseconds(new Date());
    const after: Release = { ...wanted, time, by: await promoter(folder) };
    const conditions = { file, accepted, repositories: teamRepositories(folder), today: time };
    const { lines, problems } = await checkRelease(after, conditions);
    // A rollback restores a release that was reviewed. In an outage, it must not wait for a new build.
    if (problems.length > 0 && release === undefined) {
        throw new CommandError(problems.join("\n"));
    }

    const promotion = { stack: to, file, from: readImagesFrom(text, file), before, after };
    if (promotion.from === "release" && before !== undefined && isSameRelease(before, after)) {
        print(`${file} already has this release; nothing was changed.\n`);
        return 0;
    }
    const changed = writeRelease(text, after, file);
    if (!dryRun) {
        await replaceFile(path.join(folder, file), changed);
    }
    print([difference(promotion), ...lines, ...problems.map((problem) => `Warning: ${problem}`), rollback(promotion), ""].join("\n"));
    print(dryRun ? "Dry run: nothing was changed.\n" : `Commit ${file} and open a pull request: merging it deploys ${to}.\n`);
    return 0;
}

async function deployed(stack: string, folder: string, print: (text: string) => void): Promise<Release> {
    stackFileName(stack, folder);
    const release = await deployedRelease(stack, folder);
    print(`${stack} runs commit ${release.commit.slice(0, 12)}, deployed ${release.time} by ${release.by}.\n`);
    return release;
}

/** The author of a promotion: git's user, else the user of this machine. */
export async function promoter(folder: string): Promise<string> {
    const email = await outputOf("git", ["config", "user.email"], folder).catch(() => "");
    return email.trim() === "" ? os.userInfo().username : email.trim();
}
