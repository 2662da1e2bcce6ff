import { execFileSync } from "node:child_process";
import { onPath } from "../host/command";
import type { Toolset } from "./toolsets";

/** Returns the installed command that replaces a toolset; undefined if there is none. */
export function onMachine({ unless }: Toolset): string | undefined {
    return unless === undefined ? undefined : machineCommand(unless);
}

/**
 * Finds an installed command whose version (`<command> version`) is at least the minimum, with the same major version.
 * @returns the path; undefined if the command is missing or its version does not match
 */
export function machineCommand({ command, least }: { readonly command: string; readonly least: string }): string | undefined {
    const file = onPath(command);
    if (file === undefined) {
        return undefined;
    }
    try {
        return fits(execFileSync(file, ["version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 10_000 }), least)
            ? file
            : undefined;
    } catch {
        return undefined;
    }
}

/** Whether a version is at least the minimum, with the same major version. Both have the format `v3.259.0`. */
export function fits(version: string, least: string): boolean {
    const [has, needs] = [numbers(version), numbers(least)];
    return has !== undefined && needs !== undefined && has[0] === needs[0] && reaches(has, needs);
}

function numbers(version: string): readonly number[] | undefined {
    return /^v?(\d+)\.(\d+)\.(\d+)/.exec(version.trim())?.slice(1).map(Number);
}

/** Compares version numbers of equal length, most significant first. @returns whether `numbers` is at least `least` */
export function reaches(numbers: readonly number[], least: readonly number[]): boolean {
    const differing = numbers.findIndex((number, index) => number !== least[index]);
    return differing === -1 || (numbers[differing] ?? 0) > (least[differing] ?? 0);
}
