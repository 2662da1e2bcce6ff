import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { command } from "../host/command";

/** Runs `work` in a temporary folder that contains exactly the files of a commit, as in Cloud Build. */
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
        // In a subfolder, `git archive` would only archive that folder.
        const root = await command("git", ["rev-parse", "--show-toplevel"], { cwd: clone, env });
        // Same file modes as in a checkout (644 and 755), because modes are part of the build cache keys.
        await command("git", ["-c", "tar.umask=0022", "archive", `--output=${archive}`, commit], { cwd: root.trimEnd(), env });
        await command("tar", ["-xf", archive, "-C", tree]);
        return await work(tree);
    } finally {
        await fs.rm(folder, { recursive: true, force: true });
    }
}
