import type { z } from "zod";

import { printable, type Path } from "../problem";
import { meaning, meantKey, type Meaning } from "../remedies/meaning";
import { childOf, nodeOf, optionsOf, propertiesOf, type SchemaNode } from "./schema-node";

/** A value that its schema refuses. */
export interface Finding {
    /** Where it is in its section. */
    readonly path: Path;
    readonly problem: string;
    readonly meaning: Meaning;
}

const isScalar = (value: unknown): value is string | number | boolean => ["string", "number", "boolean"].includes(typeof value);

const shown = (value: unknown): string =>
    Array.isArray(value) ? "a list" : isScalar(value) ? printable(JSON.stringify(value), 80) : value === null ? "nothing" : "an object";

const typeNames: Readonly<Record<string, string>> = {
    array: "a list",
    object: "an object",
    record: "an object",
    string: "a string",
    int: "a whole number",
    number: "a number",
    boolean: "true or false",
};

function wording(issue: z.core.$ZodIssue): string {
    if (issue.input === undefined) {
        return "is missing";
    }
    const given = shown(issue.input);
    switch (issue.code) {
        case "invalid_type":
            return isScalar(issue.input) && issue.expected === "string"
                ? `must be text in quotes, not ${given}: YAML reads it as a ${typeof issue.input}, which may not be what you wrote`
                : `must be ${typeNames[issue.expected] ?? issue.expected}, not ${given}`;
        case "invalid_value":
            return `must be one of ${issue.values.join(", ")}, not ${given}`;
        case "too_small":
            return issue.origin === "array" ? "must not be empty" : `must be at least ${issue.minimum}, not ${given}`;
        case "too_big":
            return `must be at most ${issue.maximum}, not ${given}`;
        default:
            return `${issue.message}, not ${given}`;
    }
}

/** Everything that a schema refuses in a value, with the messages of this project. */
export function schemaFindings(schema: z.ZodType, value: unknown): readonly Finding[] {
    const { error } = schema.safeParse(value, { reportInput: true });
    const root = nodeOf(schema);
    const issues = error?.issues ?? [];
    const misspelled = misspelledSettings(issues, root);
    const others = issues.filter(({ path }) => !misspelled.has(String(path[0])));
    const findings = [
        ...unknownKeys([...misspelled], value, [], root),
        ...others.flatMap((issue) => findingsOf(issue, [], root)),
        ...dates(value, []),
    ];
    const renamed = new Set(
        findings.flatMap(({ path, meaning }) => ("renamed" in meaning ? [pathKey([...path.slice(0, -1), meaning.renamed])] : [])),
    );
    // A misspelled key is one problem, not an unknown key and a missing one; so is a value that is beyond two bounds.
    const reported = new Set<string>();
    return findings.filter(({ path, problem }) => {
        const key = pathKey(path);
        const isRepeated = reported.has(key) || (problem === "is missing" && renamed.has(key));
        reported.add(key);
        return !isRepeated;
    });
}

/**
 * Misspelled settings of a section that also accepts names of the team's choice, such as `images`. A key with an invalid value is one if it resembles
 * a setting, or if its value is not an object.
 */
function misspelledSettings(issues: readonly z.core.$ZodIssue[], root: SchemaNode): ReadonlySet<string> {
    const known = propertiesOf(root);
    if (typeof root.additionalProperties !== "object" || known.length === 0) {
        return new Set();
    }
    const keys = issues.filter(({ path: [key] }) => typeof key === "string" && !known.includes(key));
    return new Set(
        keys
            .filter(
                (issue) =>
                    (issue.path.length === 1 && issue.code === "invalid_type") || meantKey(String(issue.path[0]), known) !== undefined,
            )
            .map(({ path: [key] }) => String(key)),
    );
}

/** A date without quotes in a stack file reaches the program in Go's time format. https://pkg.go.dev/time#Time.String */
const PRINTED_DATE = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4} \S+$/;

/** The dates in a value, which differ from the text in the file. */
function dates(value: unknown, path: Path): readonly Finding[] {
    if (typeof value === "string") {
        const problem = `must be text in quotes, not ${shown(value)}: YAML reads it as a date, which is not what you wrote`;
        return PRINTED_DATE.test(value)
            ? [
                  {
                      path,
                      problem,
                      meaning: { advice: "Put the value in quotes in the stack file, or set it with --type string", standIn: value },
                  },
              ]
            : [];
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([step, inner]) => dates(inner, [...path, step]));
}

const pathKey = (path: Path): string => JSON.stringify(path);

function findingsOf(issue: z.core.$ZodIssue, above: Path, root: SchemaNode): readonly Finding[] {
    const path = [...above, ...(issue.path as Path)];
    const node = path.reduce<SchemaNode | undefined>(childOf, root);
    if (issue.code === "unrecognized_keys") {
        return unknownKeys(issue.keys, issue.input, path, node);
    }
    const nested = issue.code === "invalid_union" ? closestOption(issue) : undefined;
    if (nested !== undefined) {
        return nested.flatMap((inner) => findingsOf(inner, path, root));
    }
    return [{ path, problem: wording(issue), meaning: meaning(issue, node, isOptional(path, root)) }];
}

/** Whether a value is optional. */
function isOptional(path: Path, root: SchemaNode): boolean {
    const parent = path.slice(0, -1).reduce<SchemaNode | undefined>(childOf, root);
    const key = path.at(-1);
    return typeof key === "string" && !optionsOf(parent).some(({ required = [] }) => required.includes(key));
}

type Issues = readonly z.core.$ZodIssue[];

/** The issues of the option of a union that fits a value best, among the options for values of its type. */
function closestOption({ errors, input }: z.core.$ZodIssueInvalidUnion): Issues | undefined {
    const options = errors.filter((issues) => isForType(issues, input)).toSorted((one, other) => wrongness(one) - wrongness(other));
    const [first, second] = options;
    return first !== undefined && (second === undefined || wrongness(first) < wrongness(second)) ? first : undefined;
}

/** Whether an option is for values of the type that was given. */
const isForType = (issues: Issues, input: unknown): boolean =>
    !issues.some(
        (issue) =>
            issue.path.length === 0 &&
            (issue.code === "invalid_type" ||
                (issue.code === "invalid_value" && typeof input !== "string") ||
                (issue.code === "invalid_union" && !issue.errors.some((option) => isForType(option, input)))),
    );

/** Distance of a value from an option. A misspelled required key counts less than an unknown one. */
function wrongness(issues: Issues): number {
    const missing = issues.flatMap(({ input, path }) => (input === undefined && path.length === 1 ? [String(path[0])] : []));
    const misspelled = issues
        .flatMap((issue) => (issue.code === "unrecognized_keys" ? issue.keys : []))
        .filter((key) => meantKey(key, missing) !== undefined);
    return issues.length - misspelled.length;
}

const valueAt = (value: unknown, path: Path): unknown =>
    path.reduce<unknown>(
        (at, step) =>
            typeof at === "object" && at !== null && Object.hasOwn(at, step)
                ? (at as Readonly<Record<string | number, unknown>>)[step]
                : undefined,
        value,
    );

function unknownKeys(keys: readonly string[], given: unknown, path: Path, node: SchemaNode | undefined): readonly Finding[] {
    const known = propertiesOf(node);
    const taken = new Set(typeof given === "object" && given !== null ? Object.keys(given) : []);
    return keys.map((key) => {
        const meant = meantKey(key, known);
        const problem =
            meant === undefined
                ? `is not a known key; the known keys are ${known.join(", ")}`
                : `is not a known key; the nearest is ${meant}`;
        const isTaken = meant === undefined || taken.has(meant);
        taken.add(meant ?? key);
        const value = valueAt(given, [key]);
        return {
            path: [...path, key],
            problem,
            meaning: meant === undefined ? { unknown: true } : isTaken ? { remove: true } : { renamed: meant, value },
        };
    });
}
