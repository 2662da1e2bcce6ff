import { readFileSync } from "node:fs";
import path from "node:path";

import { parse } from "yaml";

import type { RawConfig } from "../../components/config";

/** The configuration of a stack file of this project, as the program receives it. */
export function stackFile(stack: string): RawConfig {
    const file = path.join(__dirname, "..", "..", `Pulumi.${stack}.yaml`);
    return (parse(readFileSync(file, "utf8")) as { config: RawConfig }).config;
}

type Container = Record<string, unknown>;

/** Steps of a configuration path, as `pulumi config --path` reads it: `ns:room.list[0].field`. */
const stepsOf = (key: string): readonly string[] => [...key.matchAll(/[^.[\]"]+/g)].map(([step]) => step);

/** A copy of a configuration with some values replaced, or removed where the value is undefined. */
export function edited(config: RawConfig, edits: Readonly<Record<string, unknown>>): RawConfig {
    const copy = structuredClone(config) as Container;
    for (const [key, value] of Object.entries(edits)) {
        const steps = stepsOf(key);
        const last = steps.at(-1) as string;
        const parent = steps.slice(0, -1).reduce((container, step) => (container[step] ??= {}) as Container, copy);
        if (value !== undefined) {
            parent[last] = structuredClone(value);
        } else if (Array.isArray(parent)) {
            parent.splice(Number(last), 1);
        } else {
            delete parent[last];
        }
    }
    return copy;
}

/** What the CLI stores for an argument given with `--path`. */
const stored = (argument: string): unknown =>
    /^(true|false)$/.test(argument) ? argument === "true" : /^(0|[1-9]\d*)$/.test(argument) ? Number(argument) : argument;

/** The configuration after the commands of a remedy, done as the CLI does them. */
export function mended(config: RawConfig, remedy: string): RawConfig {
    return remedy.split(" && ").reduce((state, command) => {
        const [, verb, key, value] = /^pulumi config (set|rm) --path '([^']+)'(?: '?([^']*)'?)?$/.exec(command) ?? [];
        if (key === undefined || (verb === "set" && value === undefined)) {
            throw new Error(`not a command that mends a configuration: ${command}`);
        }
        return edited(state, { [key]: verb === "set" ? stored(value as string) : undefined });
    }, config);
}
