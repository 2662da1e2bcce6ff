import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** A git repository in a temporary folder, which is removed when the tests end. */
export class Repository {
    readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "repository-")));

    constructor() {
        after(() => {
            fs.rmSync(this.folder, { recursive: true, force: true });
        });
        this.git("init", "--quiet", "--initial-branch", "main");
        this.git("config", "user.name", "Ann");
        this.git("config", "user.email", "ann@example.com");
    }

    /** Writes files and commits everything. Returns the commit. */
    commit(files: Readonly<Record<string, string>>): string {
        this.write(files);
        this.git("add", "--all");
        this.git("commit", "--quiet", "--message", "change");
        return this.git("rev-parse", "HEAD").trim();
    }

    write(files: Readonly<Record<string, string>>): void {
        for (const [name, content] of Object.entries(files)) {
            fs.mkdirSync(path.dirname(path.join(this.folder, name)), { recursive: true });
            fs.writeFileSync(path.join(this.folder, name), content);
        }
    }

    read(name: string): string {
        return fs.readFileSync(path.join(this.folder, name), "utf8");
    }

    git(...args: string[]): string {
        return execFileSync("git", args, { cwd: this.folder, encoding: "utf8" });
    }
}
