import * as path from "node:path";
import { commandLine, processIds, signal } from "../../host/proc";

/** Programs of clusters and nodes. Only these are killed based on their command line. */
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
 * Kills cluster and node programs that have a folder on their command line: containerd shims, which outlive containerd by design, and
 * processes of a killed daemon.
 * @param folder absolute path of this sandbox, or of one of its nodes
 */
export function endProcessesOf(folder: string): void {
    for (const pid of processIds().filter((id) => id !== process.pid && belongs(commandLine(id), folder))) {
        signal(pid, "SIGKILL");
    }
}

/** Whether a command line belongs to one of these programs and contains the folder or a path in it. */
export function belongs([program = "", ...args]: readonly string[], folder: string): boolean {
    if (!PROGRAMS.has(path.basename(program))) {
        return false;
    }
    return args.some((arg) => {
        const value = arg.startsWith("--") ? arg.slice(arg.indexOf("=") + 1) : arg;
        return value === folder || value.startsWith(`${folder}/`);
    });
}
