import * as fs from "node:fs";
import * as path from "node:path";
import { awaitsRelease } from "./stack-file";

/** The stacks on Google Cloud that have a stack file, by whether there is something to deploy. */
export interface DeployableStacks {
    readonly ready: readonly string[];
    /** Stacks that take a release, but have none yet. */
    readonly awaitingPromotion: readonly string[];
}

/**
 * Reads the stack files of a folder, except the sandbox's.
 * @throws CommandError if a file is not YAML
 */
export function deployableStacks(folder: string): DeployableStacks {
    const stacks = fs
        .readdirSync(folder)
        .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
        .filter((stack) => stack !== "sandbox")
        .sort();
    const awaits = (stack: string): boolean => {
        const file = `Pulumi.${stack}.yaml`;
        return awaitsRelease(fs.readFileSync(path.join(folder, file), "utf8"), file);
    };
    return { ready: stacks.filter((stack) => !awaits(stack)), awaitingPromotion: stacks.filter(awaits) };
}
