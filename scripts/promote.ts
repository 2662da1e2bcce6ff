import * as fs from "node:fs/promises";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { CommandError, runCommand } from "./command-line/run";
import { difference, rollback } from "./promotion/difference";
import { promoter } from "./promotion/promoter";
import { checkImage } from "./promotion/registry";
import { isSameRelease, type Release, withoutMilliseconds } from "./promotion/release";
import { findRelease, releaseHistory } from "./promotion/release-history";
import { replaceFile } from "./promotion/replace-file";
import { readImagesFrom, readRelease, writeRelease } from "./promotion/stack-file";
import { checkCommitted, stackFileName } from "./promotion/stack-files";
import { deployedRelease } from "./promotion/stack-state";

const USAGE = "Usage: npm run promote -- --to <stack> (--from <stack> | --release <commit>) [--dry-run]";

async function promote(): Promise<number> {
    const {
        from,
        to,
        release,
        "dry-run": dryRun,
    } = parseArgs({
        options: {
            from: { type: "string" },
            to: { type: "string" },
            release: { type: "string" },
            "dry-run": { type: "boolean", default: false },
        },
    }).values;
    if (to === undefined || (from === undefined) === (release === undefined)) throw new CommandError(USAGE);
    if (from === to) throw new CommandError(`Stack ${to} cannot be promoted to itself.`);

    const folder = process.cwd();
    const file = stackFileName(to, folder);
    const text = await fs.readFile(path.join(folder, file), "utf8");
    const before = readRelease(text, file);
    await checkCommitted(file, folder);

    const wanted = from === undefined ? findRelease(await releaseHistory(file, folder), String(release), to) : await deployed(from, folder);
    const after: Release = { ...wanted, time: withoutMilliseconds(new Date()), by: await promoter(folder) };
    await Promise.all(Object.values(after.images).map(checkImage));

    const promotion = { stack: to, file, from: readImagesFrom(text, file), before, after };
    if (promotion.from === "release" && before !== undefined && isSameRelease(before, after)) {
        process.stdout.write(`${file} has this release already; nothing was changed.\n`);
        return 0;
    }
    const changed = writeRelease(text, after, file);
    if (!dryRun) await replaceFile(path.join(folder, file), changed);
    process.stdout.write(`${difference(promotion)}\n${rollback(promotion)}\n`);
    process.stdout.write(
        dryRun ? "Dry run: nothing was changed.\n" : `Commit ${file} and open a pull request: merging it deploys ${to}.\n`,
    );
    return 0;
}

async function deployed(stack: string, folder: string): Promise<Release> {
    stackFileName(stack, folder);
    const release = await deployedRelease(stack, folder);
    process.stdout.write(`${stack} runs commit ${release.commit.slice(0, 12)}, deployed ${release.time} by ${release.by}.\n`);
    return release;
}

void runCommand(promote);
