import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { otherSandboxes } from "../cluster/network/network";

/** Kernel settings that a kubelet changes (kubelet's `setupKernelTunables`). */
const SETTINGS = [
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
];

/** Saves the kernel settings before the first kubelet of any sandbox changes them. */
export function keepKernelSettings(home: Home): void {
    const file = sharedFile(home);
    if (fs.existsSync(file)) {
        return;
    }
    const settings = SETTINGS.filter((name) => fs.existsSync(`/proc/sys/${name}`)).map((name) => [
        name,
        fs.readFileSync(`/proc/sys/${name}`, "utf8").trim(),
    ]);
    fs.writeFileSync(file, `${JSON.stringify(Object.fromEntries(settings))}\n`);
}

/** Restores the kernel settings, unless another sandbox is running: the last one restores them. */
export function restoreKernelSettings(home: Home): void {
    const file = sharedFile(home);
    if (!fs.existsSync(file) || otherSandboxes(home).length > 0) {
        return;
    }
    const settings = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, string>;
    for (const [name, value] of Object.entries(settings)) {
        fs.writeFileSync(`/proc/sys/${name}`, value);
    }
    fs.rmSync(file);
}

/** Located next to the short paths of all sandboxes. A reboot deletes the file and also resets the settings. */
function sharedFile(home: Home): string {
    return path.join(path.dirname(home.run), "kernel-settings.json");
}
