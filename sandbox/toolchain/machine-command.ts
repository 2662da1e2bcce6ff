import { execFileSync } from "node:child_process";
import { onPath } from "../host/command";
import type { Toolset } from "./toolsets";

/** The path of the machine's command that replaces a toolset; undefined if none fits. */
export function onMachine({ unless }: Toolset): string | undefined {
    return unless === undefined ? undefined : machineCommand(unless);
}

/**
 * The path of a command that is on PATH already and fits: it reports (`<command> version`) the least version, or a later one of the same major.
 * @returns undefined if there is no such command, or its version does not fit
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

/** Whether a version is the least one, or a later one of the same major. Both as `v3.259.0`. */
export function fits(version: string, least: string): boolean {
    const [has, needs] = [numbers(version), numbers(least)];
    return has !== undefined && needs !== undefined && has[0] === needs[0] && reaches(has, needs);
}

function numbers(version: string): readonly number[] | undefined {
    return /^v?(\d+)\.(\d+)\.(\d+)/.exec(version.trim())?.slice(1).map(Number);
}

/** Whether the numbers of a version, most significant first, are at least others. Both have the same length. */
export function reaches(numbers: readonly number[], least: readonly number[]): boolean {
    const differing = numbers.findIndex((number, index) => number !== least[index]);
    return differing === -1 || (numbers[differing] ?? 0) > (least[differing] ?? 0);
}
