import type { z } from "zod";

import { meantBoolean, meantCpu, meantInteger, meantMemory, meantName, type Intent } from "./intent";
import { optionsOf, type SchemaNode } from "../schema/schema-node";
import { meantWord, wordIntent } from "./word-intent";

/** The intent behind a value that its schema refuses. */
export type Meaning =
    | Intent
    /** The list that should contain the given values. */
    | { readonly elements: readonly string[] }
    /** The field of an object that should contain the given value. */
    | { readonly field: string; readonly value: string }
    /** The value belongs to another key. */
    | { readonly renamed: string; readonly value: unknown }
    /** Removing the value fixes the problem: the default applies, or it had no effect. */
    | { readonly remove: true }
    /** An unknown key that resembles no known one. */
    | { readonly unknown: true }
    /** The value is missing, and only the user can choose it. */
    | { readonly example: unknown }
    /** Only the user can choose the value; the other checks use a valid one instead. */
    | { readonly advice: string; readonly standIn: unknown };

/** The known key that an unknown one means. */
export const meantKey = (key: string, known: readonly string[]): string | undefined => meantWord(key, known);

/** The intent behind a value that its schema refuses. */
export function meaning(issue: z.core.$ZodIssue, node: SchemaNode | undefined, optional: boolean): Meaning {
    const { input } = issue;
    if (input === undefined) {
        return missing(node);
    }
    const options = optionsOf(node);
    const words = options.flatMap((option) => option.enum ?? []);
    const objects = options.filter(({ properties }) => properties !== undefined);
    if (issue.code === "too_small" && issue.origin === "array" && optional) {
        return { remove: true };
    }
    if (typeof input === "number" && issue.code === "too_small") {
        return { value: Number(issue.minimum) };
    }
    if (typeof input === "number" && issue.code === "too_big") {
        return { value: Number(issue.maximum) };
    }
    if (typeof input === "string" && words.length > 0) {
        const aliases = Object.fromEntries(options.flatMap((option) => Object.entries(option.aliases ?? {})));
        return wordIntent(input, words, { aliases });
    }
    const format = options.find((option) => option.format !== undefined)?.format;
    if (format !== undefined && optional && isScalar(input) && /^0+(\.0+)?\D*$/.test(String(input))) {
        return { remove: true };
    }
    return (
        byFormat(input, format) ??
        byType(input, node) ??
        fieldOf(input, objects) ?? { advice: advice(issue, node), standIn: exampleOf(node) }
    );
}

function missing(node: SchemaNode | undefined): Meaning {
    const example = exampleOf(node);
    if (typeof example === "number") {
        return { value: example };
    }
    return node?.enum === undefined ? { example } : { candidates: node.enum };
}

function byFormat(given: unknown, format: string | undefined): Meaning | undefined {
    const text = typeof given === "number" ? String(given) : given;
    if (typeof text !== "string" || text.length > 100) {
        return undefined;
    }
    switch (format) {
        case "memory":
            return meantMemory(text);
        case "cpu":
            return valueOf(meantCpu(text));
        case "name":
            return valueOf(meantName(text, 40));
        case "bucket":
            return valueOf(/^gs:\/\/([-a-z0-9_.]+)\/?$/.exec(text)?.[1]);
        case "time":
            return valueOf(meantTime(text));
        default:
            return undefined;
    }
}

const valueOf = (value: string | number | boolean | undefined): Meaning | undefined => (value === undefined ? undefined : { value });

/** YAML reads an unquoted time as a date, and the engine formats it differently. */
function meantTime(given: string): string | undefined {
    const [, day, time] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? \+0000 (?:UTC|\+0000)$/.exec(given) ?? [];
    return day === undefined || time === undefined ? undefined : `${day}T${time}Z`;
}

function byType(given: unknown, node: SchemaNode | undefined): Meaning | undefined {
    switch (node?.type) {
        case "boolean":
            return valueOf(meantBoolean(given));
        case "integer":
            return meantNumber(given, node);
        case "array":
            return typeof given === "string" && !/\s/.test(given.replaceAll(/,\s+/g, ",").trim())
                ? {
                      elements: given
                          .trim()
                          .split(/,\s*/)
                          .filter((element) => element !== ""),
                  }
                : undefined;
        default:
            return undefined;
    }
}

function meantNumber(given: unknown, { minimum = -Infinity, maximum = Infinity }: SchemaNode): Meaning | undefined {
    const whole = meantInteger(given);
    if (whole !== undefined) {
        return { value: Math.min(Math.max(whole, minimum), maximum) };
    }
    const number = typeof given === "number" && Number.isFinite(given) ? given : undefined;
    return number === undefined
        ? undefined
        : { candidates: [Math.floor(number), Math.ceil(number)].filter((near) => near >= minimum && near <= maximum) };
}

/** A scalar in place of an object is the value of its only required field. */
function fieldOf(given: unknown, objects: readonly SchemaNode[]): Meaning | undefined {
    const [field, ...others] = objects.flatMap(({ required = [] }) => required);
    return typeof given === "string" && objects.length === 1 && field !== undefined && others.length === 0
        ? { field, value: given }
        : undefined;
}

function advice(issue: z.core.$ZodIssue, node: SchemaNode | undefined): string {
    if (issue.code === "invalid_type" && issue.expected === "string" && typeof issue.input !== "object") {
        return "Put the value in quotes in the stack file, or set it with --type string";
    }
    const fields = optionsOf(node).flatMap(({ properties = {} }) => Object.keys(properties));
    return fields.length > 0 ? `Give it as an object with ${[...new Set(fields)].join(", ")}` : "Correct the value in the stack file";
}

const isScalar = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

const exampleOf = (node: SchemaNode | undefined): unknown => node?.default ?? node?.examples?.[0];
