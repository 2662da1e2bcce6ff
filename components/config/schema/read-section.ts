import type { z } from "zod";

import { advise, choose, inOrder, keyOf, remove, remedyText, set, type Path, type Remedy, type Reported } from "../problem";
import type { Meaning } from "../remedies/meaning";
import { schemaFindings, type Finding } from "./schema-findings";

/** The result of reading a section. */
export interface Reading<T> {
    /** The section after its remedies; undefined if it is absent or cannot be checked at all. */
    readonly value: T | undefined;
    readonly problems: readonly Reported[];
    /** Keys of invalid values that were replaced with valid ones. Cross-checks of them are guesses. */
    readonly guessed: readonly string[];
}

/**
 * Reads a section. If its schema refuses values, the section is read with their remedies applied, so that the same run reports the cross-checks of
 * all other values. An absent or empty section is not created.
 */
export function readSection<S extends z.ZodType>(section: string, schema: S, raw: unknown): Reading<z.output<S>> {
    if (raw === undefined || isEmpty(raw)) {
        return { value: undefined, problems: [], guessed: [] };
    }
    const findings = schemaFindings(schema, raw);
    const changes = findings.flatMap(changesOf);
    const repaired = schema.safeParse(changed(raw, changes));
    const stillWrong = new Set((repaired.error?.issues ?? []).map(({ path }) => JSON.stringify(path)));
    return {
        value: repaired.data,
        problems: findings.map((finding) => {
            const { path, problem, meaning } = finding;
            const isFixed = isGuess(finding) || !stillWrong.has(JSON.stringify(path));
            const remedy = isFixed ? remedyOf(section, path, meaning) : advise("Correct the value in the stack file.");
            return { key: keyOf(section, ...path), problem, remedy };
        }),
        guessed: repaired.success ? findings.filter(isGuess).map(({ path }) => keyOf(section, ...path)) : [keyOf(section)],
    };
}

/** Whether the substitute for a value may differ from the intended one. */
const isGuess = ({ meaning }: Finding): boolean => "candidates" in meaning || "advice" in meaning || "example" in meaning;

interface Change {
    readonly path: Path;
    readonly value: unknown;
}

/** The substitute for a value that is refused. */
function changesOf({ path, meaning }: Finding): readonly Change[] {
    if ("value" in meaning && !("renamed" in meaning) && !("field" in meaning)) {
        return [{ path, value: meaning.value }];
    }
    if ("elements" in meaning) {
        return [{ path, value: meaning.elements }];
    }
    if ("field" in meaning) {
        return [{ path, value: { [meaning.field]: meaning.value } }];
    }
    if ("renamed" in meaning) {
        return [
            { path, value: undefined },
            { path: [...path.slice(0, -1), meaning.renamed], value: meaning.value },
        ];
    }
    if ("candidates" in meaning) {
        return [{ path, value: meaning.candidates[0] }];
    }
    return [{ path, value: "advice" in meaning ? meaning.standIn : "example" in meaning ? meaning.example : undefined }];
}

function remedyOf(section: string, path: Path, meaning: Meaning): Remedy {
    const key = keyOf(section, ...path);
    if ("candidates" in meaning) {
        return choose(key, meaning.candidates);
    }
    if ("elements" in meaning) {
        return inOrder(remove(key), ...meaning.elements.map((element, index) => set(keyOf(section, ...path, index), element)));
    }
    if ("field" in meaning) {
        return inOrder(remove(key), set(keyOf(section, ...path, meaning.field), meaning.value));
    }
    if ("renamed" in meaning) {
        return moved(section, path, section, [...path.slice(0, -1), meaning.renamed], meaning.value);
    }
    if ("remove" in meaning) {
        return remove(key);
    }
    if ("unknown" in meaning) {
        return advise(`Rename it in the stack file to the key that you meant, or remove it: ${remedyText(remove(key))}`);
    }
    if ("value" in meaning) {
        return set(key, meaning.value);
    }
    if ("example" in meaning) {
        const commands = assigned(section, path, meaning.example);
        return advise(commands.length === 0 ? "Set it." : `Set it, for example: ${remedyText(inOrder(...commands))}`);
    }
    return advise(`${meaning.advice}.`);
}

/** Maximum number of commands in a remedy. */
const MOST_COMMANDS = 20;

/** Moves a value to the intended key. */
export function moved(section: string, path: Path, toSection: string, to: Path, value: unknown): Remedy {
    return leaves(value, MOST_COMMANDS) <= MOST_COMMANDS && listsAreFilled(value)
        ? inOrder(...assigned(toSection, to, value), remove(keyOf(section, ...path)))
        : advise(`Rename it to ${to.at(-1) ?? toSection} in the stack file.`);
}

/** Number of values and containers in a value; Infinity if it is more than `most`. */
function leaves(value: unknown, most: number): number {
    if (typeof value !== "object" || value === null) {
        return 1;
    }
    if (most <= 0) {
        return Infinity;
    }
    return Object.values(value).reduce<number>((sum, inner) => (sum > most ? sum : sum + leaves(inner, most - sum - 1)), 1);
}

/** Whether every list element has a value to set. A command cannot set an empty element, and the CLI refuses an index after a missing one. */
function listsAreFilled(value: unknown): boolean {
    if (typeof value !== "object" || value === null) {
        return true;
    }
    const inner: readonly unknown[] = Object.values(value);
    return inner.every(listsAreFilled) && !(Array.isArray(value) && inner.some(holdsNothing));
}

const holdsNothing = (value: unknown): boolean => value === null || (typeof value === "object" && Object.values(value).every(holdsNothing));

/** The commands that give a key a value, one for each scalar in it. */
function assigned(section: string, path: Path, value: unknown): readonly Remedy[] {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
        return [set(keyOf(section, ...path), value)];
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const entries = Array.isArray(value) ? value.map((element: unknown, index) => [index, element] as const) : Object.entries(value);
    return entries.flatMap(([step, element]) => assigned(section, [...path, step], element));
}

/** Whether a section is empty. The engine passes a key without a value as an empty string. */
const isEmpty = (raw: unknown): boolean => raw === null || raw === "" || (typeof raw === "object" && Object.keys(raw).length === 0);

/** Returns a value with all changes applied, the last one first. The given value does not change. The result shares its unchanged parts. */
function changed(value: unknown, changes: readonly Change[]): unknown {
    const copies = new WeakSet();
    const copyOf = (container: unknown): Record<string | number, unknown> => {
        if (typeof container === "object" && container !== null && copies.has(container)) {
            return container as Record<string | number, unknown>;
        }
        const copy = Array.isArray(container) ? [...(container as unknown[])] : Object.assign(Object.create(null) as object, container);
        copies.add(copy);
        return copy as Record<string | number, unknown>;
    };
    const root: Record<string | number, unknown> = { "": value };
    for (const { path, value: by } of changes.toReversed()) {
        const steps = ["", ...path];
        const last = steps.pop() ?? "";
        let at: Record<string | number, unknown> = root;
        for (const step of steps) {
            at = at[step] = copyOf(at[step]);
        }
        if (by === undefined && !Array.isArray(at)) {
            Reflect.deleteProperty(at, last);
        } else {
            at[last] = by;
        }
    }
    return root[""];
}
