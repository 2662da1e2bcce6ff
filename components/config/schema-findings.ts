import { closest } from "fastest-levenshtein";
import { z } from "zod";

import type { Path } from "../problem";

/** A value that a command line can give. */
export type Scalar = string | number | boolean;

/** An object of such values. */
export type Scalars = Readonly<Record<string, Scalar>>;

/** A value that its schema refuses. */
export interface Finding {
    /** Where it stands in its room. */
    readonly path: Path;
    readonly problem: string;
    /** The nearest valid value; undefined where removing is what mends. */
    readonly value: Scalar | Scalars | undefined;
    /** Whether the nearest valid value means what was given, as 4 does for "4"; otherwise it is a guess. */
    readonly faithful: boolean;
}

/** The part of JSON Schema that tells what a valid value looks like. */
interface Node {
    readonly properties?: Readonly<Record<string, Node>>;
    readonly items?: Node;
    readonly anyOf?: readonly Node[];
    readonly enum?: readonly string[];
    readonly default?: unknown;
    readonly examples?: readonly unknown[];
}

const child = (node: Node | undefined, step: string | number): Node | undefined =>
    typeof step === "number" ? node?.items : node?.properties?.[step];

const isScalar = (value: unknown): value is Scalar => ["string", "number", "boolean"].includes(typeof value);

const shown = (value: unknown): string =>
    Array.isArray(value) ? "a list" : isScalar(value) ? JSON.stringify(value) : value === null ? "nothing" : "an object";

const typeNames: Readonly<Record<string, string>> = {
    array: "a list",
    object: "an object",
    record: "an object",
    string: "a string",
    int: "a whole number",
    number: "a number",
    boolean: "true or false",
};

const nearestOf = (given: Scalar, values: readonly unknown[]): string => `; the nearest is ${closest(String(given), values.map(String))}`;

function wording(issue: z.core.$ZodIssue): string {
    if (issue.input === undefined) {
        return "is missing";
    }
    const given = shown(issue.input);
    switch (issue.code) {
        case "invalid_type":
            return `must be ${typeNames[issue.expected] ?? issue.expected}, not ${given}`;
        case "invalid_value":
            return `must be one of ${issue.values.join(", ")}, not ${given}${isScalar(issue.input) ? nearestOf(issue.input, issue.values) : ""}`;
        case "too_small":
            return issue.origin === "array" ? "must not be empty" : `must be at least ${issue.minimum}, not ${given}`;
        case "too_big":
            return `must be at most ${issue.maximum}, not ${given}`;
        default:
            return `${issue.message}, not ${given}`;
    }
}

const isScalars = (value: unknown): value is Scalars =>
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(isScalar);

function nearest(issue: z.core.$ZodIssue, node: Node | undefined): Scalar | Scalars | undefined {
    if (issue.code === "too_small" && issue.origin !== "array") {
        return Number(issue.minimum);
    }
    if (issue.code === "too_big") {
        return Number(issue.maximum);
    }
    if (typeof issue.input === "string" && node?.enum !== undefined) {
        return closest(issue.input, node.enum);
    }
    if (issue.code === "invalid_type" && ["int", "number"].includes(issue.expected) && /^\d+$/.test(String(issue.input))) {
        return Number(issue.input);
    }
    const valid = [node?.default, node?.examples?.[0]];
    // Where something else stands, the fields of an object could not be set beside it.
    return valid.find(isScalar) ?? (issue.input === undefined ? valid.find(isScalars) : undefined);
}

/** What a schema refuses in a value, all of it, in the words of this project. */
export function schemaFindings(schema: z.ZodType, value: unknown): readonly Finding[] {
    const { error } = schema.safeParse(value, { reportInput: true });
    if (error === undefined) {
        return [];
    }
    const root = z.toJSONSchema(schema) as Node;
    return error.issues.flatMap((issue): readonly Finding[] => {
        const path = issue.path as Path;
        const node = path.reduce<Node | undefined>(child, root);
        if (issue.code !== "unrecognized_keys") {
            const value = nearest(issue, node);
            return [{ path, problem: wording(issue), value, faithful: isScalar(value) && String(value) === String(issue.input) }];
        }
        const known = [node, ...(node?.anyOf ?? [])].flatMap((option) => Object.keys(option?.properties ?? {}));
        return issue.keys.map((key) => ({
            path: [...path, key],
            problem: `is not a known key; the nearest is ${closest(key, known)}`,
            value: undefined,
            faithful: true,
        }));
    });
}
