import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { commandOf } from "../../scripts/workflow-commands";
import type { Job, Step } from "../../scripts/workflow-files";
import { LEFTOVERS } from "../../scripts/workflow-leftovers";
import type { Clone } from "./clone";

/** The result of a job. */
export interface JobEnd {
    /** Exit status of the first step that failed; 0 if all succeeded. */
    readonly code: number;
    /** Commands that ran. */
    readonly ran: readonly string[];
    /** The commands and their output. */
    readonly log: string;
    readonly outputs: Readonly<Record<string, string>>;
    /** The summary that the steps wrote. */
    readonly summary: string;
}

/** Files in which steps write values for the runner. */
const FILES = ["GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_STEP_SUMMARY"] as const;

/**
 * Runs the commands of a job in a clone as GitHub's runner does: in order, each in its own shell that stops at the first error. A failed step skips those
 * after it. In jobs with pulumi/actions, `pulumi` is the sandbox's. While the job runs, the checkout has the files that its actions write.
 */
export class Runner {
    /** RUNNER_TEMP. */
    readonly temp = fs.mkdtempSync(path.join(os.tmpdir(), "runner "));
    private readonly programs = path.join(this.temp, "programs");

    /**
     * @param skipped commands to skip
     * @param deployments output of `gh run list`: the runs that deploy
     */
    constructor(
        private readonly clone: Clone,
        private readonly skipped: readonly string[],
        private readonly deployments: () => readonly { readonly status: string; readonly updatedAt: string }[] = () => [],
    ) {}

    /**
     * @param given values of GitHub's expressions
     * @throws Error for an expression without a value
     */
    async run({ steps = [], env = {}, outputs = {} }: Job, given: Readonly<Record<string, string>>): Promise<JobEnd> {
        this.prepare(steps);
        const values = new Map(Object.entries(given));
        const evaluate = (text: string): string => evaluated(text, values);
        const all = (texts: Readonly<Record<string, string>>): Record<string, string> =>
            Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, evaluate(text)]));
        const ran: string[] = [];
        let [code, log] = [0, ""];
        const left: string[] = [];
        for (const step of steps) {
            left.push(...this.leaveFiles(step));
            const command = commandOf(step, evaluate);
            if (command === undefined || this.skipped.includes(command) || !isDue(step, code, values)) {
                continue;
            }
            const ended = await this.shell(command, { ...all(env), ...this.told("GITHUB_ENV"), ...all(step.env ?? {}) });
            ran.push(command);
            log += `${command}\n${ended.output}`;
            if (code === 0) {
                code = ended.code;
            }
            for (const [name, value] of Object.entries(this.told("GITHUB_OUTPUT"))) {
                values.set(`steps.${step.id ?? ""}.outputs.${name}`, value);
            }
            fs.writeFileSync(path.join(this.temp, "GITHUB_OUTPUT"), "");
        }
        for (const file of left) {
            fs.rmSync(path.join(this.clone.folder, file));
        }
        return { code, ran, log, outputs: all(outputs), summary: this.read("GITHUB_STEP_SUMMARY") };
    }

    /** Reads a file in RUNNER_TEMP. */
    read(file: string): string {
        return fs.readFileSync(path.join(this.temp, file), "utf8");
    }

    remove(): void {
        fs.rmSync(this.temp, { recursive: true });
    }

    /** Empties RUNNER_TEMP and writes the programs that a runner has. */
    private prepare(steps: readonly Step[]): void {
        fs.rmSync(this.temp, { recursive: true });
        fs.mkdirSync(this.programs, { recursive: true });
        for (const file of FILES) {
            fs.writeFileSync(path.join(this.temp, file), "");
        }
        // The tests already run as root.
        this.program("sudo", 'exec "$@"');
        this.program("gh", `cat <<'END'\n${JSON.stringify(this.deployments())}\nEND`);
        // The sandbox searches PATH for Pulumi, so PATH must not contain this program.
        const sandbox = `PATH='${process.env.PATH ?? ""}' exec npm run --silent sandbox -- "$@"`;
        if (steps.some(({ uses }) => uses?.startsWith("pulumi/actions@"))) {
            this.program("pulumi", sandbox);
        }
    }

    /** Writes the files that the action of a step leaves in the checkout. The packages are already installed. */
    private leaveFiles({ uses = "" }: Step): readonly string[] {
        const files = (LEFTOVERS[uses.split("@")[0] ?? ""] ?? []).filter((file) => !file.includes("node_modules/"));
        for (const file of files) {
            this.clone.write(file, "{}\n");
        }
        return files;
    }

    private program(name: string, script: string): void {
        fs.writeFileSync(path.join(this.programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }

    /** Runs a command with `bash -e`, GitHub's default shell on Linux. */
    private async shell(command: string, env: Readonly<Record<string, string>>): Promise<{ code: number; output: string }> {
        const script = path.join(this.temp, "step.sh");
        fs.writeFileSync(script, command);
        const files = Object.fromEntries(FILES.map((file) => [file, path.join(this.temp, file)]));
        const child = spawn("bash", ["-e", script], {
            cwd: this.clone.folder,
            env: {
                ...process.env,
                CI: "true",
                NO_COLOR: "1",
                PATH: `${this.programs}:${process.env.PATH ?? ""}`,
                RUNNER_TEMP: this.temp,
                ...files,
                ...env,
            },
            stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        for (const stream of [child.stdout, child.stderr]) {
            stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
        }
        const [code] = (await once(child, "close")) as [number | null];
        return { code: code ?? 1, output };
    }

    /** Reads the `name=value` lines that steps wrote for the runner. */
    private told(file: (typeof FILES)[number]): Record<string, string> {
        const lines = this.read(file)
            .split("\n")
            .filter((line) => line !== "");
        return Object.fromEntries(lines.map((line) => /^(\w+)=(.*)$/.exec(line)?.slice(1) as [string, string]));
    }
}

function evaluated(text: string, values: ReadonlyMap<string, string>): string {
    return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
        const value = values.get(expression);
        if (value === undefined) {
            throw new Error(`The expression ${expression} has no value in this test`);
        }
        return value;
    });
}

function isDue({ if: condition }: Step, code: number, values: ReadonlyMap<string, string>): boolean {
    if (condition === undefined) {
        return code === 0;
    }
    if (condition === "always()") {
        return true;
    }
    const [, output] = /^(steps\.\w+\.outputs\.\w+) != ''$/.exec(condition) ?? [];
    if (output === undefined) {
        throw new Error(`The condition ${condition} is unknown to this test`);
    }
    return code === 0 && (values.get(output) ?? "") !== "";
}
