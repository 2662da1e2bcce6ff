import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";

/** Programs that an engine starts: providers, the language host, policy packs. */
const PLUGIN = /^pulumi-(resource|language|analyzer)-/;

/** Whether a process is a running Pulumi engine. The id of one that has ended may belong to another program by now; a zombie has no command line. */
export function isEngine(pid: number): boolean {
    return path.basename(commandLine(pid)[0] ?? "") === "pulumi";
}

/** Ends the plugins of this sandbox that outlived their engine. A killed engine cannot end them, and a build in a plugin continues for minutes. */
export function endOrphanedPlugins(home: Home): void {
    for (const pid of processes().filter((pid) => isPluginOf(home, pid) && !isEngine(parent(pid)))) {
        try {
            process.kill(pid, "SIGKILL");
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
                throw error;
            }
        }
    }
}

function isPluginOf(home: Home, pid: number): boolean {
    const isPlugin = commandLine(pid)
        .slice(0, 2) // A launcher that is a script is the second word.
        .some((word) => PLUGIN.test(path.basename(word)));
    return (
        isPlugin &&
        read(pid, "environ")
            .split("\0")
            .includes(`PULUMI_HOME=${path.join(home.run, "pulumi")}`)
    );
}

const processes = (): number[] =>
    fs
        .readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map(Number);

const commandLine = (pid: number): string[] => read(pid, "cmdline").split("\0");

/** The fields after the command's name, which is in parentheses and may hold spaces (proc(5)): state, then the parent. */
const parent = (pid: number): number => Number(read(pid, "stat").replace(/^.*\)/s, "").trim().split(" ")[1]);

function read(pid: number, file: string): string {
    try {
        return fs.readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
        return ""; // It has ended, or is another user's.
    }
}
