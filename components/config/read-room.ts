import type { z } from "zod";

import { advise, choose, inOrder, keyOf, remove, remedyText, set, type Path, type Remedy, type Reported } from "../problem";
import type { Meaning } from "./meaning";
import { schemaFindings, type Finding } from "./schema-findings";

/** What could be read of a section. */
export interface Reading<T> {
    /** The section as it is once its remedies are applied; undefined when it is absent, or nothing of it can be judged. */
    readonly value: T | undefined;
    readonly problems: readonly Reported[];
    /** Keys whose value was replaced by a valid one: what a cross-check says of them is a guess. */
    readonly guessed: readonly string[];
}

/**
 * Reads a section. When its schema refuses something, the section is read as the remedies would leave it, so that the cross-checks of everything else
 * report in the same run. A section that is absent or empty is not created.
 */
export function readRoom<S extends z.ZodType>(room: string, schema: S, raw: unknown): Reading<z.output<S>> {
    if (raw === undefined || isEmpty(raw)) {
        return { value: undefined, problems: [], guessed: [] };
    }
    const findings = schemaFindings(schema, raw);
    const changes = findings.map(changesOf);
    const lastFirst = changes.toReversed();
    const mended = schema.safeParse(lastFirst.reduce<unknown>((state, edits) => edits.reduce(applied, state), raw));
    const stillWrong = new Set((mended.error?.issues ?? []).map(({ path }) => JSON.stringify(path)));
    return {
        value: mended.data,
        problems: findings.map((finding) => {
            const { path, problem, meaning } = finding;
            const isFixed = isGuess(finding) || !stillWrong.has(JSON.stringify(path));
            const remedy = isFixed ? remedyOf(room, path, meaning) : advise("Correct the value in the stack file.");
            return { key: keyOf(room, ...path), problem, remedy };
        }),
        guessed: mended.success ? findings.filter(isGuess).map(({ path }) => keyOf(room, ...path)) : [keyOf(room)],
    };
}

/** Whether what stands for a value may not be what was meant. */
const isGuess = ({ meaning }: Finding): boolean => "candidates" in meaning || "advice" in meaning || "example" in meaning;

interface Change {
    readonly path: Path;
    readonly value: unknown;
}

/** What is read in place of a value that is refused. */
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

function remedyOf(room: string, path: Path, meaning: Meaning): Remedy {
    const key = keyOf(room, ...path);
    if ("candidates" in meaning) {
        return choose(key, meaning.candidates);
    }
    if ("elements" in meaning) {
        return inOrder(remove(key), ...meaning.elements.map((element, index) => set(keyOf(room, ...path, index), element)));
    }
    if ("field" in meaning) {
        return inOrder(remove(key), set(keyOf(room, ...path, meaning.field), meaning.value));
    }
    if ("renamed" in meaning) {
        return moved(room, path, room, [...path.slice(0, -1), meaning.renamed], meaning.value);
    }
    if ("remove" in meaning) {
        return remove(key);
    }
    if ("unknown" in meaning) {
        return advise(`Rename it in the stack file to the key that is meant, or remove it: ${remedyText(remove(key))}`);
    }
    if ("value" in meaning) {
        return set(key, meaning.value);
    }
    if ("example" in meaning) {
        const commands = assigned(room, path, meaning.example);
        return advise(commands.length === 0 ? "Set it." : `Set it, for example: ${remedyText(inOrder(...commands))}`);
    }
    return advise(`${meaning.advice}.`);
}

/** Most commands of a remedy; more are not worth pasting. */
const MOST_COMMANDS = 20;

/** Moves a value to the key that was meant. */
export function moved(room: string, path: Path, toRoom: string, to: Path, value: unknown): Remedy {
    const commands = assigned(toRoom, to, value);
    return commands.length <= MOST_COMMANDS
        ? inOrder(...commands, remove(keyOf(room, ...path)))
        : advise(`Rename it to ${to.at(-1) ?? toRoom} in the stack file.`);
}

/** The commands that give a key a value, one for each scalar in it. */
function assigned(room: string, path: Path, value: unknown): readonly Remedy[] {
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
        return [set(keyOf(room, ...path), value)];
    }
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const entries = Array.isArray(value) ? value.map((element: unknown, index) => [index, element] as const) : Object.entries(value);
    return entries.flatMap(([step, element]) => assigned(room, [...path, step], element));
}

const isEmpty = (raw: unknown): boolean => raw === null || (typeof raw === "object" && Object.keys(raw).length === 0);

/** A value with another one, or none, at the end of a path. */
function applied(value: unknown, { path: [step, ...rest], value: by }: Change): unknown {
    if (step === undefined) {
        return by;
    }
    if (Array.isArray(value)) {
        const changed = applied(value[Number(step)], { path: rest, value: by });
        return changed === undefined ? value.toSpliced(Number(step), 1) : value.with(Number(step), changed);
    }
    const entries = Object.entries((value ?? {}) as Readonly<Record<string, unknown>>);
    const old = entries.find(([key]) => key === step)?.[1];
    const changed = applied(old, { path: rest, value: by });
    const others = entries.filter(([key]) => key !== step);
    return Object.fromEntries(changed === undefined ? others : [...others, [String(step), changed]]);
}
