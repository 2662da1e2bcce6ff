import type { z } from "zod";

import { inOrder, keyOf, remove, set, type Path, type Remedy, type Reported } from "../problem";
import { schemaFindings, type Finding } from "./schema-findings";

/** What could be read of a room. */
export interface Reading<T> {
    /** The room as it is once its remedies are applied; undefined when it is absent, or nothing of it can be judged. */
    readonly value: T | undefined;
    readonly problems: readonly Reported[];
    /** Keys whose value was replaced by a valid one: what a cross-check says of them is a guess. */
    readonly guessed: readonly string[];
}

/**
 * Reads a room. When its schema refuses something, the room is read as the remedies would leave it, so that the cross-checks of everything else
 * report in the same run. A room that is absent or empty is not created.
 */
export function readRoom<S extends z.ZodType>(room: string, schema: S, raw: unknown): Reading<z.output<S>> {
    if (raw === undefined || isEmpty(raw)) {
        return { value: undefined, problems: [], guessed: [] };
    }
    const findings = schemaFindings(schema, raw);
    const value = schema.safeParse(findings.reduce<unknown>((mended, { path, value }) => replaced(mended, path, value), raw)).data;
    return {
        value,
        problems: findings.map(({ path, problem, value }) => {
            const key = keyOf(room, ...path);
            return { key, problem, remedy: value === undefined ? remove(key) : assigned(key, value) };
        }),
        guessed: value === undefined ? [keyOf(room)] : findings.filter(({ faithful }) => !faithful).map(({ path }) => keyOf(room, ...path)),
    };
}

/** Sets a key to a value, field by field where the value is an object. */
const assigned = (key: string, value: NonNullable<Finding["value"]>): Remedy =>
    typeof value === "object"
        ? inOrder(...Object.entries(value).map(([field, scalar]) => set(`${key}.${field}`, scalar)))
        : set(key, value);

const isEmpty = (raw: unknown): boolean => raw === null || (typeof raw === "object" && Object.keys(raw).length === 0);

/** The value with another one, or none, at the end of the path. */
function replaced(value: unknown, [step, ...rest]: Path, by: unknown): unknown {
    if (step === undefined) {
        return by;
    }
    if (Array.isArray(value)) {
        return value.with(Number(step), replaced(value[Number(step)], rest, by));
    }
    const { [step]: old, ...others } = value as Readonly<Record<string, unknown>>;
    const changed = replaced(old, rest, by);
    return changed === undefined ? others : { ...others, [step]: changed };
}
