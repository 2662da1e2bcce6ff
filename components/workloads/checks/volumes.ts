import { advise, remove } from "../../config/problem";
import type { Rule } from "../../config/rule";

/** Folders of every container that are the system's or the stack's. */
const SYSTEM: Readonly<Record<string, string>> = {
    "/bin": "the image has its programs",
    "/dev": "the container has its devices and shared memory",
    "/etc": "the container has its settings",
    "/lib": "the image has its libraries",
    "/proc": "the kernel lists processes",
    "/run": "Kubernetes mounts tokens",
    "/secrets": "secrets are mounted",
    "/sys": "the kernel lists devices",
    "/tmp": "the container has its temporary files",
    // GKE mounts the driver on /usr/local/nvidia. https://cloud.google.com/kubernetes-engine/docs/how-to/gpus#cuda
    "/usr": "the image has its programs, and GKE mounts the GPU driver",
    "/var/run": "Kubernetes mounts tokens",
};
const OF_RUNS: Readonly<Record<string, string>> = { "/checkpoints": "checkpoints are mounted", "/data": "data is mounted" };
const OF_DEPLOYMENTS: Readonly<Record<string, string>> = { "/model": "model is mounted" };

const contains = (folder: string, path: string): boolean => path === folder || path.startsWith(`${folder}/`);
const overlap = (one: string, other: string): boolean => contains(one, other) || contains(other, one);

/** Each volume has its own folder, which neither the system nor another field uses. */
export const freePaths: Rule<"workloads"> = ({ workloads }, report) => {
    for (const { volumes, isRun, at } of workloads) {
        const taken = { ...SYSTEM, ...(isRun ? OF_RUNS : OF_DEPLOYMENTS) };
        volumes.forEach(({ path }, index) => {
            const key = at("volumes", index, "path");
            const folder = Object.keys(taken).find((name) => overlap(name, path));
            const before = volumes.slice(0, index).findIndex((other) => overlap(other.path, path));
            if (folder !== undefined) {
                report(key, `${path} overlaps ${folder}, where ${taken[folder]}`, advise("Choose another path, such as /adapters."));
            } else if (before !== -1) {
                const other = at("volumes", before, "path");
                report(key, `${path} overlaps ${volumes[before]?.path}, where another volume is`, advise("Choose another path."), [other]);
            }
        });
    }
};

/** A file that is written must not come from a cache: other pods would not see it. */
export const cachesAreRead: Rule<"workloads"> = ({ workloads }, report) => {
    for (const { volumes, at } of workloads) {
        volumes.forEach((volume, index) => {
            if (!volume.readOnly && "bucket" in volume && volume.cache !== undefined) {
                const key = at("volumes", index, "cache");
                report(key, `is set, but pods write bucket ${volume.bucket}, and a cache hides what changes`, remove(key), [
                    at("volumes", index, "readOnly"),
                ]);
            }
        });
    }
};

/** The rules of volumes. */
export const volumeChecks: readonly Rule<"workloads">[] = [freePaths, cachesAreRead];
