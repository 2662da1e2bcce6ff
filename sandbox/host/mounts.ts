import * as fs from "node:fs";

/** Mount points at or below a folder, the innermost and latest first. */
export function mountsUnder(folder: string): readonly string[] {
    return mountPoints(fs.readFileSync("/proc/self/mountinfo", "utf8"), folder);
}

/**
 * The same, of a table given.
 * @param table as in `/proc/self/mountinfo` (proc_pid_mountinfo(5))
 */
export function mountPoints(table: string, folder: string): readonly string[] {
    return table
        .split("\n")
        .map((line) => unescaped(line.split(" ")[4] ?? ""))
        .filter((target) => target === folder || target.startsWith(`${folder}/`))
        .reverse();
}

/** The kernel writes spaces and the like as octal numbers: `\040`. */
function unescaped(field: string): string {
    return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
