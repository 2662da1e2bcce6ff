import type { RawConfig } from "../../../components/config/handed-over";

type Step = string | number;
type Container = Record<Step, unknown>;

/**
 * The configuration after the commands of a remedy, as `pulumi config set` and `pulumi config rm` of CLI 3.259 change a stack file. Thousands of calls of the CLI itself
 * would take an hour; test/components/config/problem.test.ts pastes remedies into a shell.
 * @throws Error if the CLI would refuse a command, or for any other command
 */
export function afterCommands(raw: RawConfig, remedy: string): RawConfig {
    return remedy.split(" && ").reduce((config, command) => afterCommand(config, wordsOf(command)), raw);
}

function afterCommand(raw: RawConfig, [program, command, verb, ...rest]: readonly string[]): RawConfig {
    if (program !== "pulumi" || command !== "config" || (verb !== "set" && verb !== "rm")) {
        throw new Error(`not a command of pulumi config: ${[program, command, verb].join(" ")}`);
    }
    const typed = rest.includes("--type");
    const [key = "", value = ""] = rest.filter((word, index) => !["--path", "--", "--type"].includes(word) && rest[index - 1] !== "--type");
    const config = structuredClone(raw) as Container;
    const [section, ...path] = stepsOf(key);
    const last = path.at(-1);
    if (last === undefined) {
        return changed(config, section, verb, value);
    }
    const holder = holderOf(config, [section, ...path.slice(0, -1)], last, verb);
    if (holder !== undefined) {
        changed(holder, last, verb, typed ? value : scalarOf(value));
    }
    return config;
}

/** The object or list that holds the last step. `set` creates missing ones; `rm` does nothing if one is missing. */
function holderOf(config: Container, steps: readonly Step[], last: Step, verb: "set" | "rm"): Container | undefined {
    let holder = config;
    for (const [index, step] of steps.entries()) {
        const next = steps[index + 1] ?? last;
        if (holder[step] === undefined || holder[step] === null) {
            if (verb === "rm") {
                return undefined;
            }
            holder[step] = typeof next === "number" ? [] : {};
        }
        const inner = holder[step];
        if (typeof inner !== "object" || (typeof next === "number" && (!Array.isArray(inner) || next > inner.length))) {
            throw new Error(`${next} cannot be reached in ${step}`);
        }
        holder = inner as Container;
    }
    return holder;
}

function changed(holder: Container, key: Step, verb: "set" | "rm", value: unknown): Container {
    if (verb === "set") {
        holder[key] = value;
    } else if (Array.isArray(holder)) {
        holder.splice(Number(key), 1);
    } else {
        Reflect.deleteProperty(holder, key);
    }
    return holder;
}

/** The CLI stores booleans and whole numbers as such. */
function scalarOf(value: string): unknown {
    if (value === "true" || value === "false") {
        return value === "true";
    }
    return /^(0|-?[1-9]\d*)$/.test(value) ? Number(value) : value;
}

/** Steps of a property path; the first is the key with its namespace. */
function stepsOf(key: string): readonly [string, ...Step[]] {
    const [, section = "", path = ""] = /^([^.[]*)(.*)$/s.exec(key) ?? [];
    const steps = [...path.matchAll(/\.([^.[]+)|\[(\d+)\]|\["((?:\\"|[^"])*)"\]/g)].map(([, name, index, quoted]): Step => {
        return index === undefined ? (name ?? (quoted ?? "").replaceAll('\\"', '"')) : Number(index);
    });
    return [section, ...steps];
}

/** Words of a command as a POSIX shell reads it; remedies quote with single quotes and backslashes only. */
function wordsOf(command: string): readonly string[] {
    const words = command.match(/(?:'[^']*'|\\.|[^\s'\\])+/gs) ?? [];
    return words.map((word) =>
        word.replaceAll(/'([^']*)'|\\(.)|([^'\\]+)/gs, (_, ...parts: readonly string[]) => parts.slice(0, 3).join("")),
    );
}
