import * as fs from "node:fs";
import * as path from "node:path";

/** Programs of clusters and nodes. Only these are ended because of their command line. */
const PROGRAMS = new Set([
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "containerd",
    "containerd-shim-runc-v2",
    "runc",
]);

/**
 * Ends the programs of clusters and nodes with a folder on their command line: containerd's shims, which outlive containerd by design, and
 * all that a killed daemon left.
 * @param folder absolute path of this sandbox, or of one node in it
 */
export function endProcessesOf(folder: string): void {
    for (const entry of fs.readdirSync("/proc")) {
        const pid = Number(entry);
        if (!Number.isInteger(pid) || pid === process.pid) {
            continue;
        }
        if (!belongs(commandLine(pid), folder)) {
            continue;
        }
        try {
            process.kill(pid, "SIGKILL");
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
                throw error;
            }
        }
    }
}

/** Whether a command line is one of our programs' and names the folder or something in it. */
export function belongs([program = "", ...args]: readonly string[], folder: string): boolean {
    if (!PROGRAMS.has(path.basename(program))) {
        return false;
    }
    return args.some((arg) => {
        const value = arg.startsWith("--") ? arg.slice(arg.indexOf("=") + 1) : arg;
        return value === folder || value.startsWith(`${folder}/`);
    });
}

function commandLine(pid: number): readonly string[] {
    try {
        return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    } catch {
        // Ended meanwhile.
        return [];
    }
}
