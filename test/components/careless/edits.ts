import * as fc from "fast-check";
import type { RawConfig } from "../../../components/config/handed-over";
import { soundConfigs } from "../sound-configs";

type Step = string | number;
type Container = Record<Step, unknown>;

/** Values that people enter into a stack file by mistake or with bad intent. */
const CARELESS: readonly unknown[] = [
    ...[null, "", 0, -1, 1.5, 1e10, 2 ** 31, true, "true", "yes", "0", [], {}, ["a"], [{}], { toString: "x" }],
    ...["8GB", "8 gib", "1.5Gi", "2 cores", "h100", "t4", "nvidia-h100", "eu-west-1", "us-central1-a", "My Name", "gs://x", "x/y"],
    ...["$(touch x)", "'; ls; '", "a\nb", "\u001b[2J", "allUsers", "0.0.0.0/0", "10.0.0.0/8", "2026-01-01"],
];

interface Edit {
    readonly kind: "value" | "letter" | "removal" | "key" | "extra" | "twice";
    /** Index of the place in the stack file, modulo the number of places. */
    readonly at: number;
    readonly value: unknown;
    /** Index of the letter in a word, modulo its length. */
    readonly letter: number;
}

const edits: fc.Arbitrary<Edit> = fc.record({
    kind: fc.constantFrom("value", "value", "letter", "removal", "key", "extra", "twice"),
    at: fc.nat(),
    value: fc.oneof(fc.constantFrom(...CARELESS), fc.jsonValue({ maxDepth: 2 })),
    letter: fc.nat(50),
});

/** Sound stacks with one to three careless or hostile edits. */
export const carelessStacks: fc.Arbitrary<RawConfig> = fc
    .tuple(soundConfigs, fc.array(edits, { minLength: 1, maxLength: 3 }))
    .map(([sound, made]) => made.reduce(applied, structuredClone(sound)));

/** Paths of all values in a value. */
function places(value: unknown, path: readonly Step[] = []): readonly (readonly Step[])[] {
    if (typeof value !== "object" || value === null) {
        return [path];
    }
    const own = Object.entries(value).flatMap(([key, inner]) => places(inner, [...path, Array.isArray(value) ? Number(key) : key]));
    return [path, ...own];
}

function applied(raw: RawConfig, edit: Edit): RawConfig {
    const paths = places(raw).filter((path) => path.length > 0);
    const path = paths[edit.at % paths.length];
    const key = path?.at(-1);
    if (path === undefined || key === undefined) {
        return raw;
    }
    const holder = path.slice(0, -1).reduce<Container>((container, step) => container[step] as Container, raw);
    change(holder, key, edit, path.length === 1);
    return raw;
}

function change(holder: Container, key: Step, { kind, value, letter }: Edit, isSection: boolean): void {
    const old = holder[key];
    switch (kind) {
        case "value":
            holder[key] = value;
            break;
        case "letter":
            holder[key] = typeof old === "string" ? misspelled(old, letter) : old;
            break;
        case "removal":
            remove(holder, key);
            break;
        case "key":
            if (typeof key === "string") {
                remove(holder, key);
                const [namespace, name] = isSection ? ["ml-platform:", key.replace(/^.*:/, "")] : ["", key];
                holder[namespace + misspelled(name, letter)] = old;
            }
            break;
        case "extra":
            if (typeof old === "object" && old !== null && !Array.isArray(old)) {
                (old as Container)[`x${letter}`] = value;
            }
            break;
        case "twice":
            if (Array.isArray(old) && old.length > 0) {
                old.push(structuredClone(old[0]));
            }
    }
}

function remove(holder: Container, key: Step): void {
    if (Array.isArray(holder)) {
        holder.splice(Number(key), 1);
    } else {
        Reflect.deleteProperty(holder, key);
    }
}

/** A word without one letter, in capitals, or with another letter. */
function misspelled(word: string, letter: number): string {
    const at = word.length === 0 ? 0 : letter % word.length;
    switch (letter % 3) {
        case 0:
            return word.slice(0, at) + word.slice(at + 1);
        case 1:
            return word.toUpperCase();
        default:
            return `${word.slice(0, at)}z${word.slice(at)}`;
    }
}
