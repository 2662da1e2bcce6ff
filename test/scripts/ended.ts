import { execFile } from "node:child_process";
import * as path from "node:path";
import { description } from "../../scripts/command-line/run";

/** The exit status of a command, and its output. */
export interface Ended {
    readonly code: number;
    readonly out: string;
    readonly error: string;
}

/** Runs a command in this process, which saves a process for each case. Programs that the command runs come from `programs` first. */
export async function ended(
    command: (print: (text: string) => void) => Promise<number>,
    programs: string,
    others = process.env.PATH,
): Promise<Ended> {
    const { PATH } = process.env;
    process.env.PATH = `${programs}:${others ?? ""}`;
    let out = "";
    try {
        const code = await command((text) => (out += text));
        return { code, out, error: "" };
    } catch (error) {
        return { code: 1, out, error: `${description(error)}\n` };
    } finally {
        process.env.PATH = PATH;
    }
}

/** Runs a script of the repository as npm does, in a separate process. */
export function script(name: string, args: readonly string[], cwd: string, programs: string): Promise<Ended> {
    const file = path.join(__dirname, "../../scripts", name);
    const env = { ...process.env, PATH: `${programs}:${process.env.PATH ?? ""}` };
    return new Promise((resolve) => {
        execFile(process.execPath, ["--require", require.resolve("tsx/cjs"), file, ...args], { cwd, env }, (error, out, err) => {
            resolve({ code: error === null ? 0 : Number(error.code), out, error: err });
        });
    });
}
