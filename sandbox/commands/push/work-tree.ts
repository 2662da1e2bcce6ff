import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { command } from "../../host/command";

/** Runs `work` in a temporary folder that holds the files of a commit and nothing else, as Cloud Build does. */
export async function withCommit<Result>(
    clone: string,
    commit: string,
    env: Readonly<Record<string, string>>,
    work: (folder: string) => Promise<Result>,
): Promise<Result> {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), "commit-"));
    try {
        const archive = path.join(folder, "commit.tar");
        const tree = path.join(folder, "tree");
        await fs.mkdir(tree);
        // In a folder of the repository, git would archive that folder alone.
        const root = await command("git", ["rev-parse", "--show-toplevel"], { cwd: clone, env });
        // Modes as in a checkout (644 and 755): they are part of the build cache's keys.
        await command("git", ["-c", "tar.umask=0022", "archive", `--output=${archive}`, commit], { cwd: root.trimEnd(), env });
        await command("tar", ["-xf", archive, "-C", tree]);
        return await work(tree);
    } finally {
        await fs.rm(folder, { recursive: true, force: true });
    }
}
