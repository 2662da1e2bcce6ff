import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { cgroupOf, childCgroups, removeCgroup } from "./node/cgroups";
import { command } from "../host/command";
import { restoreKernelSettings } from "../host/kernel-settings";
import { endProcessesOf } from "./node/leftover-processes";
import { removeFixedFolders } from "./node/mount-namespace";
import { mountsUnder } from "../host/mounts";
import { removeNetwork } from "./network/network";
import { isNodeCgroup } from "./node/node";

/**
 * Removes everything that the sandbox created on this machine outside its folders: processes, containers, mounts, network interfaces,
 * cgroups and kernel settings. Call this only while no daemon runs. Clusters keep their data.
 */
export async function cleanUp(home: Home): Promise<void> {
    await cleanUpClusters(home);
    await removeCgroup(cgroupOf(home.id));
}

/** Cleans up clusters and nodes only, while other parts of the sandbox run. */
export async function cleanUpClusters(home: Home): Promise<void> {
    for (const folder of ["clusters", "nodes"]) {
        endProcessesOf(path.join(home.run, folder));
    }
    const cgroup = cgroupOf(home.id);
    for (const child of childCgroups(cgroup)) {
        if (isNodeCgroup(child)) {
            await removeCgroup(`${cgroup}/${child}`);
        }
    }
    // The folder is also mounted at its short path. Nested mounts may be listed under either path; one unmount removes them from both.
    for (const folder of [home.run, home.root].map((root) => path.join(root, "nodes"))) {
        for (let mounts = mountsUnder(folder); mounts[0] !== undefined; mounts = mountsUnder(folder)) {
            await command("umount", ["--lazy", mounts[0]]);
        }
        fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    }
    await removeNetwork(home);
    restoreKernelSettings(home);
    removeFixedFolders(home);
}
