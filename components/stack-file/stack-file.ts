import { readFileSync } from "node:fs";
import { ownKeys, type RawConfig } from "../config/handed-over";
import { projectName } from "../config/problem";
import { readYaml, StackFileError, type StackYaml, type Value } from "./yaml";

/**
 * The configuration of a stack file as the program receives it from Pulumi's engine, with encrypted values as in the file. Every reader of stack files reads
 * them with this function, so that all agree with the engine.
 * @param file its name, for messages
 * @throws StackFileError that names file, line and column
 */
export const stackConfig = (text: string, file: string): RawConfig => ownKeys(handedOver(text, file), projectName);

/** The configuration of a stack file that may be missing or invalid; undefined if it cannot be read. */
export function stackConfigIfReadable(file: string): RawConfig | undefined {
    try {
        return stackConfig(readFileSync(file, "utf8"), file);
    } catch {
        return undefined;
    }
}

/**
 * The values of a stack file by their full keys, as the strings that the engine passes: objects and lists as JSON.
 * https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/workspace/loaders.go
 * @param file its name, for messages
 * @param project name of the Pulumi project, which is the namespace of a key without one
 * @throws StackFileError that names file, line and column
 */
export function handedOver(text: string, file: string, project = projectName): Readonly<Record<string, string>> {
    const yaml = readYaml(text, file);
    const values: Record<string, string> = {};
    for (const [key, value] of configOf(yaml, file)) {
        const full = fullKey(key, project);
        if (full === undefined) {
            throw new StackFileError(`${file} has the key ${key}, which is not a Pulumi configuration key: it must be <namespace>:<name>.`);
        }
        if (Object.hasOwn(values, full)) {
            throw new StackFileError(`${file} sets ${full} twice, in two spellings of the key: remove one.`);
        }
        values[full] = textOf(value);
    }
    return values;
}

/** The values of a stack file, or of a project file, by their keys as they are written. */
export function configOf({ value }: StackYaml, file: string): ReadonlyMap<string, Value> {
    if (value === null) {
        return new Map();
    }
    if (!(value instanceof Map)) {
        throw new StackFileError(`${file} is not a stack file: it is not a map.`);
    }
    const config = (value as ReadonlyMap<string, Value>).get("config") ?? null;
    if (config === null) {
        return new Map();
    }
    if (!(config instanceof Map)) {
        throw new StackFileError(`${file} is not a stack file: config is not a map.`);
    }
    return config as ReadonlyMap<string, Value>;
}

/** https://github.com/pulumi/pulumi/blob/v3.259.0/sdk/go/common/resource/config/key.go */
function fullKey(key: string, project: string): string | undefined {
    const parts = key.split(":");
    const [namespace = "", middle, name] = parts;
    switch (parts.length) {
        case 1:
            return `${project}:${key}`;
        case 2:
            return key;
        case 3:
            return middle === "config" && name !== undefined ? `${namespace}:${name}` : undefined;
        default:
            return undefined;
    }
}

/** A value as the engine writes it into the program's environment. A null value is an empty string there. */
export function textOf(value: Value): string {
    if (typeof value === "string") {
        return value;
    }
    if (value === null) {
        return "";
    }
    return typeof value === "bigint" ? String(value) : JSON.stringify(plain(value));
}

/** JSON numbers are read by the program, which loses precision beyond 53 bits. */
function plain(value: Value): unknown {
    if (typeof value === "bigint") {
        return Number(value);
    }
    if (value instanceof Map) {
        const entries = [...(value as ReadonlyMap<string, Value>)];
        return Object.fromEntries(entries.map(([key, inner]) => [key, plain(inner)]));
    }
    return Array.isArray(value) ? (value as readonly Value[]).map(plain) : value;
}
