import { readFileSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import type { RawConfig } from "../../components/config/handed-over";

/** The configuration of a stack file of this project, as the program receives it. */
export function stackFile(stack: string): RawConfig {
    const file = path.join(__dirname, "..", "..", `Pulumi.${stack}.yaml`);
    return (parse(readFileSync(file, "utf8")) as { config: RawConfig }).config;
}

/** Steps of a configuration path, as `pulumi config --path` reads it: `ns:section.list[0].field`. */
const stepsOf = (key: string): readonly string[] => Array.from(key.matchAll(/[^.[\]"]+/g), ([step]) => step);

function replaced(value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown {
    if (step === undefined) {
        return by;
    }
    if (Array.isArray(value)) {
        const index = Number(step);
        const changed = replaced(value[index], rest, by);
        return value.toSpliced(index, 1, ...(changed === undefined ? [] : [changed]));
    }
    const { [step]: old, ...others } = (value ?? {}) as RawConfig;
    const changed = replaced(old, rest, by);
    return changed === undefined ? others : { ...others, [step]: changed };
}

/** A configuration with some values replaced, or removed if the value is undefined. */
export const edited = (config: RawConfig, edits: RawConfig): RawConfig =>
    Object.entries(edits).reduce((state, [key, value]) => replaced(state, stepsOf(key), value) as RawConfig, config);

/** The value that the CLI stores for an argument with `--path`. */
const stored = (argument: string): unknown =>
    /^(true|false)$/.test(argument) ? argument === "true" : /^(0|[1-9]\d*)$/.test(argument) ? Number(argument) : argument;

/** The configuration after the commands of a remedy, applied as the CLI applies them. */
export function mended(config: RawConfig, remedy: string): RawConfig {
    return remedy.split(" && ").reduce((state, command) => {
        const [, verb, key, value] = /^pulumi config (set|rm) --path '([^']+)'(?: '?([^']*)'?)?$/.exec(command) ?? [];
        if (key === undefined || (verb === "set" && value === undefined)) {
            throw new Error(`not a command that mends a configuration: ${command}`);
        }
        return edited(state, { [key]: verb === "rm" || value === undefined ? undefined : stored(value) });
    }, config);
}
