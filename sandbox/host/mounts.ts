import * as fs from "node:fs";

/** Returns the mount points at or below a folder, innermost and latest first. */
export function mountsUnder(folder: string): readonly string[] {
    return mountPoints(fs.readFileSync("/proc/self/mountinfo", "utf8"), folder);
}

/**
 * Like `mountsUnder`, for a given mount table.
 * @param table in the format of `/proc/self/mountinfo` (proc_pid_mountinfo(5))
 */
export function mountPoints(table: string, folder: string): readonly string[] {
    return table
        .split("\n")
        .map((line) => unescaped(line.split(" ")[4] ?? ""))
        .filter((target) => target === folder || target.startsWith(`${folder}/`))
        .reverse();
}

/** The kernel escapes spaces and similar characters as octal numbers: `\040`. */
function unescaped(field: string): string {
    return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
