/** A problem of a stack's configuration, as printed. */
export interface Problem {
    /** Key with its path, as `pulumi config --path` takes it: `ml-platform:cluster.pools[0].maxNodes`. */
    readonly key: string;
    /** The problem as a sentence. */
    readonly problem: string;
    /** The command that fixes it, or advice if the intent is unclear. */
    readonly remedy: string;
}

/** A problem as a check reports it. */
export interface Reported {
    readonly key: string;
    readonly problem: string;
    readonly remedy: Remedy;
    /** Keys of the other values that the problem depends on. */
    readonly basis?: readonly string[] | undefined;
}

/** Reports a problem. `basis` names the keys of the other values that it depends on: when one of them was invalid, the problem is not printed. */
export type Report = (key: string, problem: string, remedy: Remedy, basis?: readonly string[]) => void;

/** Steps from a section down to a value. */
export type Path = readonly (string | number)[];

/** Name of the Pulumi project, and so the namespace of its configuration. */
export const projectName = "ml-platform";

/** The key of a value of this project's configuration. */
export const keyOf = (section: string, ...path: Path): string => keyOfPath(`${projectName}:${section}`, path);

/** The key of a value inside the value of another key. */
export const keyOfPath = (key: string, path: Path): string =>
    path.reduce<string>(
        (at, step) => at + (typeof step === "number" ? `[${step}]` : isPlain(step) ? `.${step}` : bracketed(step)),
        /^[A-Za-z0-9_:-]+$/.test(key) ? key : key.replace(/(?<=^[^:]*:).*/s, bracketed),
    );

const bracketed = (step: string): string => `["${step.replaceAll('"', '\\"')}"]`;

const isPlain = (step: string): boolean => /^[A-Za-z0-9_-]+$/.test(step);

/** One command of a remedy. */
type Step =
    | { readonly verb: "set"; readonly key: string; readonly value: string | number | boolean }
    | { readonly verb: "rm"; readonly key: string }
    | { readonly verb: "run"; readonly command: readonly string[] };

/** The fix for a problem: commands that work when pasted in this order, or advice if the intent is unclear. */
export type Remedy = { readonly steps: readonly Step[] } | { readonly advice: string };

/** Sets a key to a value. */
export const set = (key: string, value: string | number | boolean): Remedy =>
    nameable(key) && nameable(String(value))
        ? { steps: [{ verb: "set", key, value }] }
        : advise("Edit the stack file: no command can name this value.");

/** Removes a key, so that its default applies. */
export const remove = (key: string): Remedy =>
    nameable(key) ? { steps: [{ verb: "rm", key }] } : advise("Remove it from the stack file: no command can name this key.");

/** Runs a command of this project. */
export const run = (...command: readonly string[]): Remedy => ({ steps: [{ verb: "run", command }] });

/** Several remedies, one after the other. */
export function inOrder(...remedies: readonly Remedy[]): Remedy {
    const advice = remedies.find((remedy) => "advice" in remedy);
    return advice ?? { steps: remedies.flatMap((remedy) => ("steps" in remedy ? remedy.steps : [])) };
}

/** Advice: a sentence instead of a command. */
export const advise = (advice: string): Remedy => ({ advice });

/** Maximum number of candidates in a remedy. */
const MOST_CANDIDATES = 50;

/** Lists candidates for a value. The user decides, even if there is only one. */
export const choose = (key: string, candidates: readonly (string | number)[]): Remedy => {
    const [only] = candidates;
    if (candidates.length === 1 && only !== undefined) {
        return advise(`If ${only} is what you meant: ${remedyText(set(key, only))}`);
    }
    const more = candidates.length - MOST_CANDIDATES;
    return advise(`Choose one of: ${candidates.slice(0, MOST_CANDIDATES).join(", ")}${more > 0 ? ` and ${more} more` : ""}.`);
};

/** Alternative fixes with different costs: the user decides. `aim` completes "For …". */
export const oneOf = (...ways: readonly (readonly [aim: string, remedy: Remedy])[]): Remedy =>
    advise(`For ${ways.map(([aim, remedy]) => `${aim}: ${remedyText(remedy)}`).join("; or for ")}`);

/** Sets the value if the intent is certain, and otherwise lists the candidates. */
export const correct = (key: string, intent: { readonly value: string } | { readonly candidates: readonly string[] }): Remedy =>
    "value" in intent ? set(key, intent.value) : choose(key, intent.candidates);

/** Whether a command can hold a text. A key that ends in a backslash has no property path: the CLI would read the quote after it as part of the key. */
const nameable = (text: string): boolean => isPrintable(text) && text.length <= 1000 && !text.includes('\\"]');

/** An argument quoted for a POSIX shell, unless it has only characters that are special in no shell, including zsh and PowerShell. */
const quoted = (argument: string): string => (/^[A-Za-z0-9_.:/-][A-Za-z0-9_.:/@=-]*$/.test(argument) ? argument : singleQuoted(argument));

const singleQuoted = (argument: string): string => `'${argument.replaceAll("'", `'\\''`)}'`;

const isPath = (key: string): boolean => /[.[]/.test(key);

/** Below the first level, the CLI stores true, false and whole numbers as such. https://www.pulumi.com/docs/iac/cli/commands/pulumi_config_set/ */
const isReadAsAnotherType = (value: string): boolean => /^(true|false|0|[-+]?[1-9]\d*)$/.test(value);

function commandOf(step: Step): string {
    switch (step.verb) {
        case "run":
            return step.command.map(quoted).join(" ");
        case "rm":
            return `pulumi config rm --path ${singleQuoted(step.key)}`;
        case "set": {
            const value = String(step.value);
            const type = typeof step.value === "string" && isPath(step.key) && isReadAsAnotherType(value) ? "--type string " : "";
            return `pulumi config set --path ${type}${singleQuoted(step.key)} ${value.startsWith("-") ? "-- " : ""}${quoted(value)}`;
        }
    }
}

/** A remedy as it is printed. */
export const remedyText = (remedy: Remedy): string =>
    "advice" in remedy ? printable(remedy.advice) : remedy.steps.map(commandOf).join(" && ");

/** The list element that a remedy removes; every element after it moves up. */
function removedElement(remedy: Remedy): string | undefined {
    const removed = "steps" in remedy ? remedy.steps.flatMap((step) => (step.verb === "rm" ? [step.key] : [])) : [];
    return removed.find((key) => /\[\d+\]$/.test(key));
}

/** Compares keys so that deeper keys and later list elements come first. */
function lastFirst(one: string, other: string): number {
    const [steps, others] = [one.split(/(?=[.[])/), other.split(/(?=[.[])/)];
    const at = steps.findIndex((step, index) => step !== others[index]);
    return at === -1 ? others.length - steps.length : (others[at] ?? "").localeCompare(steps[at] ?? "", "en", { numeric: true });
}

/**
 * Problems as they are printed, in an order in which their commands can be pasted: list elements are removed from the last to the first, after every command that
 * names an element by its index.
 */
export function printed(problems: readonly Reported[]): readonly Problem[] {
    const [removals, others] = [problems.filter(removesElement), problems.filter((reported) => !removesElement(reported))];
    const sorted = removals.toSorted((one, other) => lastFirst(removedElement(one.remedy) ?? "", removedElement(other.remedy) ?? ""));
    return [...others, ...sorted].map(({ key, problem, remedy }, index, all) => {
        const isRepeated =
            removedElement(remedy) !== undefined && removedElement(remedy) === removedElement(all[index - 1]?.remedy ?? remedy);
        return {
            key: printable(key, 300),
            problem: printable(problem),
            remedy: index > 0 && isRepeated ? "The command above fixes this too." : remedyText(remedy),
        };
    });
}

const removesElement = ({ remedy }: Reported): boolean => removedElement(remedy) !== undefined;

/** Control characters, line separators, invisible formatting such as text direction, and halves of surrogate pairs: a terminal acts on them, or hides them. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const escaped = (character: string): string =>
    UNPRINTABLE.test(character) ? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}` : character;

/** Text as a terminal shows it: one line, without control characters, at most `length` characters of it. */
export function printable(text: string, length = 1000): string {
    const cut = text.length > length ? `${text.slice(0, length)}… (${text.length} characters)` : text;
    return UNPRINTABLE.test(cut) ? Array.from(cut, escaped).join("") : cut;
}

/** Whether a terminal shows every character of a text unchanged. */
const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text);
