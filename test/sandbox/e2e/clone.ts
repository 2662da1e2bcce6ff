import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseDocument } from "yaml";
import { APIS } from "../../../gke/apis";

const ROOT = path.join(__dirname, "..", "..", "..");

/** The result of a command. */
export interface Ended {
    readonly code: number;
    /** Standard output and standard error in order, without colors. */
    readonly output: string;
}

/**
 * A clone of this work tree with its uncommitted changes, in a folder with spaces in its name. It uses the packages of this tree, and a sandbox of
 * its own, which shares only the cache of compiled tools.
 */
export class Clone {
    readonly folder: string;

    constructor() {
        this.folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "ml platform ")), "a clone");
        execFileSync("git", ["clone", "--quiet", ROOT, this.folder]);
        const changed = git(ROOT, "ls-files", "--modified", "--others", "--exclude-standard", "-z");
        for (const file of changed) {
            const to = path.join(this.folder, file);
            if (!fs.existsSync(path.join(ROOT, file))) {
                fs.rmSync(to, { force: true });
            } else {
                fs.cpSync(path.join(ROOT, file), to, { recursive: true });
            }
        }
        fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(this.folder, "node_modules"));
    }

    /** Runs `pulumi up` on the sandbox. @throws Error with the output if it fails */
    async up(): Promise<string> {
        const { code, output } = await this.sandbox("up", "--yes", "--skip-preview");
        if (code !== 0) {
            throw new Error(`up ended with ${code}:\n${output}`);
        }
        return output;
    }

    /** Runs `npm …` in the clone, as a user would. */
    async npm(...args: readonly string[]): Promise<Ended> {
        const child = spawn("npm", args, {
            cwd: this.folder,
            env: { ...process.env, CI: "true", NO_COLOR: "1" },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
        }
        const [code] = (await once(child, "close")) as [number | null];
        return { code: code ?? 1, output };
    }

    /** Runs `npm run sandbox -- …`. The output contains only the output of the command. */
    sandbox(...args: readonly string[]): Promise<Ended> {
        return this.npm("run", "--silent", "sandbox", "--", ...args);
    }

    /** As `sandbox`, for a command that must succeed and prints JSON. @throws Error with the output */
    async json<T>(...args: readonly string[]): Promise<T> {
        const { code, output } = await this.sandbox(...args);
        if (code !== 0) {
            throw new Error(`${args.join(" ")} ended with ${code}:\n${output}`);
        }
        return JSON.parse(output) as T;
    }

    /** Enables the APIs of a stack in a project of the simulated cloud, as its owner would before the first update. */
    enableApis(project: string): void {
        const address = `"\${GOOGLE_SERVICE_USAGE_CUSTOM_ENDPOINT%v1beta1/}v1/projects/${project}/services:batchEnable"`;
        const data = JSON.stringify({ serviceIds: Object.keys(APIS) });
        const curl = `curl --silent --fail --header "Authorization: Bearer $GOOGLE_OAUTH_ACCESS_TOKEN" --header 'Content-Type: application/json'`;
        const script = `eval "$(npm run --silent sandbox -- env)"; ${curl} --data '${data}' ${address}`;
        execFileSync("bash", ["-c", script], { cwd: this.folder, stdio: ["ignore", "ignore", "inherit"] });
    }

    read(file: string): string {
        return fs.readFileSync(path.join(this.folder, file), "utf8");
    }

    write(file: string, content: string): void {
        fs.writeFileSync(path.join(this.folder, file), content);
    }

    /**
     * Changes values in the sandbox's stack file, as a user would.
     * @param changes new values by path in the project's namespace, such as `inference.services.0.replicas`; undefined removes a value
     * @returns restores the file
     */
    configure(changes: Readonly<Record<string, unknown>>): () => void {
        const file = "Pulumi.sandbox.yaml";
        const original = this.read(file);
        const document = parseDocument(original);
        for (const [key, value] of Object.entries(changes)) {
            const [section = "", ...rest] = key.split(".");
            const at = ["config", `ml-platform:${section}`, ...rest.map((part) => (/^\d+$/.test(part) ? Number(part) : part))];
            if (value === undefined) {
                document.deleteIn(at);
            } else {
                document.setIn(at, document.createNode(value));
            }
        }
        this.write(file, document.toString());
        return () => {
            this.write(file, original);
        };
    }

    /** Runs git in the clone. */
    git(...args: readonly string[]): string {
        return execFileSync("git", args, { cwd: this.folder, encoding: "utf8" });
    }

    /** Commits all files except the packages. @returns the commit */
    commit(): string {
        this.write(".git/info/exclude", "node_modules\n");
        this.git("add", "--all");
        this.git("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "commit", "--quiet", "--allow-empty", "--message", "change");
        return this.git("rev-parse", "HEAD").trim();
    }

    /** Removes the clone. Its sandbox must be stopped. */
    remove(): void {
        fs.rmSync(path.dirname(this.folder), { recursive: true, force: true });
    }
}

function git(folder: string, ...args: readonly string[]): readonly string[] {
    return execFileSync("git", args, { cwd: folder, encoding: "utf8" })
        .split("\0")
        .filter((line) => line !== "");
}
