import * as fs from "node:fs";

/** Mount points at or below a folder, as `/proc/self/mountinfo` names them, the innermost and latest first. */
export function mountsUnder(folder: string): readonly string[] {
    return fs
        .readFileSync("/proc/self/mountinfo", "utf8")
        .split("\n")
        .map((line) => unescaped(line.split(" ")[4] ?? ""))
        .filter((target) => target === folder || target.startsWith(`${folder}/`))
        .reverse();
}

/** The kernel writes spaces and the like as octal numbers: `\040`. */
function unescaped(field: string): string {
    return field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
