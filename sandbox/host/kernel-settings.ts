import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { otherSandboxes } from "../cluster/network/network";

/** What a kubelet sets on the machine that it runs on (kubelet's `setupKernelTunables`). */
const SETTINGS = [
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
];

/** Writes down the kernel's settings before the first kubelet of any sandbox changes them. */
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

/** Puts the kernel's settings back, unless another sandbox runs: the last one does. */
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

/** Beside the short paths of all sandboxes; gone after a reboot, as the settings are. */
function sharedFile(home: Home): string {
    return path.join(path.dirname(home.run), "kernel-settings.json");
}
