import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { signal } from "../../host/proc";

const MOUNT = "/sys/fs/cgroup";
/** Controllers that the kubelet and runc use to limit pods. */
const CONTROLLERS = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids"];

/** Parent of all cgroups of a sandbox, in the format of the kubelet's `cgroupRoot`. */
export function cgroupOf(id: string): string {
    return `/ml-platform-${id}`;
}

/** Creates a cgroup and its parents in every hierarchy, with the controllers that a kubelet needs. */
export function makeCgroup(cgroup: string): void {
    const names = cgroup.split("/").filter((name) => name !== "");
    if (isUnified()) {
        let folder = MOUNT;
        for (const name of names) {
            enableControllers(folder);
            folder = path.join(folder, name);
            fs.mkdirSync(folder, { recursive: true });
        }
        enableControllers(folder);
        return;
    }
    for (const hierarchy of hierarchies()) {
        let folder = hierarchy;
        for (const name of names) {
            const parent = folder;
            folder = path.join(parent, name);
            fs.mkdirSync(folder, { recursive: true });
            // cgroup v1: a new cpuset is empty, and processes cannot join an empty cpuset.
            for (const file of ["cpuset.cpus", "cpuset.mems"]) {
                inherit(parent, folder, file);
            }
        }
    }
}

/** Returns the names of a cgroup's children in all hierarchies. */
export function childCgroups(cgroup: string): readonly string[] {
    const folders = allHierarchies()
        .map((hierarchy) => path.join(hierarchy, cgroup))
        .filter((folder) => fs.existsSync(folder));
    return [...new Set(folders.flatMap(children).map((folder) => path.basename(folder)))];
}

/** Kills all processes in a cgroup and removes it, with its children, from every hierarchy. Does nothing if the cgroup does not exist. */
export async function removeCgroup(cgroup: string): Promise<void> {
    for (const hierarchy of allHierarchies()) {
        const folder = path.join(hierarchy, cgroup);
        for (let attempt = 0; fs.existsSync(folder); attempt++) {
            for (const pid of processesIn(folder)) {
                signal(pid, "SIGKILL");
            }
            if (tryRemove(folder)) {
                break;
            }
            if (attempt === 100) {
                throw new Error(`${folder} cannot be removed: processes ${processesIn(folder).join(", ")} are still running`);
            }
            await delay(50);
        }
    }
}

function isUnified(): boolean {
    return fs.existsSync(path.join(MOUNT, "cgroup.controllers"));
}

/**
 * Hierarchies in which to create a cgroup: one for cgroup v2; for cgroup v1 one per controller and systemd's, which the kubelet requires.
 */
function hierarchies(): readonly string[] {
    return isUnified() ? [MOUNT] : mounted("cgroup");
}

/** Hierarchies that may contain a cgroup: with cgroup v1, runc also uses a v2 hierarchy without controllers. */
function allHierarchies(): readonly string[] {
    return isUnified() ? [MOUNT] : [...mounted("cgroup"), ...mounted("cgroup2")];
}

function mounted(type: string): readonly string[] {
    return fs
        .readFileSync("/proc/self/mounts", "utf8")
        .split("\n")
        .map((line) => line.split(" "))
        .filter(([, target, kind]) => kind === type && target?.startsWith(`${MOUNT}/`))
        .map(([, target]) => target ?? "");
}

function enableControllers(folder: string): void {
    for (const controller of CONTROLLERS) {
        try {
            fs.writeFileSync(path.join(folder, "cgroup.subtree_control"), `+${controller}`);
        } catch {
            // Not compiled into the kernel, or not delegated: the kubelet reports missing controllers.
        }
    }
}

function inherit(parent: string, folder: string, file: string): void {
    const target = path.join(folder, file);
    if (fs.existsSync(target) && fs.readFileSync(target, "utf8").trim() === "") {
        fs.writeFileSync(target, fs.readFileSync(path.join(parent, file)));
    }
}

function processesIn(folder: string): readonly number[] {
    const own = fs.readFileSync(path.join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
    return [...own, ...children(folder).flatMap(processesIn)];
}

function children(folder: string): readonly string[] {
    return fs
        .readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => path.join(folder, entry.name));
}

/** Tries to remove the cgroup and its children. This fails while processes are still exiting. */
function tryRemove(folder: string): boolean {
    try {
        for (const child of children(folder)) {
            if (!tryRemove(child)) {
                return false;
            }
        }
        fs.rmdirSync(folder);
        return true;
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "ENOENT") {
            return true;
        }
        if (code === "EBUSY") {
            return false;
        }
        throw error;
    }
}
