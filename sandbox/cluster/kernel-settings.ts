import * as fs from "node:fs";
import * as path from "node:path";

/** What a kubelet sets on the machine that it runs on (kubelet's `setupKernelTunables`). */
const SETTINGS = ["vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops", "kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes"];

/** Writes down the kernel's settings before the first kubelet changes them; those written down by a start that was killed stay. */
export function keepKernelSettings(folder: string): void {
    const file = fileIn(folder);
    if (fs.existsSync(file)) return;
    const settings = SETTINGS.filter((name) => fs.existsSync(`/proc/sys/${name}`)).map((name) => [name, fs.readFileSync(`/proc/sys/${name}`, "utf8").trim()]);
    fs.writeFileSync(file, `${JSON.stringify(Object.fromEntries(settings))}\n`);
}

/** Puts the kernel's settings back to what was written down. */
export function restoreKernelSettings(folder: string): void {
    const file = fileIn(folder);
    if (!fs.existsSync(file)) return;
    const settings = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, string>;
    for (const [name, value] of Object.entries(settings)) fs.writeFileSync(`/proc/sys/${name}`, value);
    fs.rmSync(file);
}

function fileIn(folder: string): string {
    return path.join(folder, "kernel-settings.json");
}
