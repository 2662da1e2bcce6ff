import { keyOf, set, type Reported } from "./problem";
import type { Rule } from "./rule";
import { sections, type SectionName } from "./sections";
import type { StackConfig } from "./stack";

/** What the table of sections says of the checks of one. */
interface Checked {
    readonly checks: readonly Rule[];
    readonly needs?: readonly SectionName[];
    readonly starter?: readonly [field: string, value: string];
}
type Entry = readonly [SectionName, Checked];

const entries = Object.entries(sections) as readonly Entry[];

/** The sections that others need are there. */
export const neededSections: Rule = (config, report) => {
    const isGiven = ([name]: Entry): boolean => config[name] !== undefined;
    for (const [name, { starter }] of entries.filter((entry) => !isGiven(entry))) {
        const [user] = entries.find((entry) => isGiven(entry) && entry[1].needs?.includes(name)) ?? [];
        if (user !== undefined && starter !== undefined) {
            report(keyOf(name), `is missing or empty, but ${user} needs it`, set(keyOf(name, starter[0]), starter[1]));
        }
    }
};

/** Every rule once, in the order in which its problems are reported. */
export const rules: readonly Rule[] = [...new Set([neededSections, ...entries.flatMap(([, { checks }]) => checks)])];

/** What one rule reports of a configuration. */
export function reportsOf(rule: Rule, config: StackConfig): readonly Reported[] {
    const reports: Reported[] = [];
    rule(config, (key, problem, remedy, basis) => reports.push({ key, problem, remedy, basis }));
    return reports;
}

/**
 * Everything in a configuration that contradicts itself, or what Google Cloud offers: all rules run, none touches anything.
 *
 * @param guessed keys of invalid values, in place of which a valid one was checked; problems that depend on them, or on other fields of their list element, are not reported
 */
export function checkStack(config: StackConfig, guessed: readonly string[] = []): readonly Reported[] {
    const uncertain = new Set(guessed.map((key) => /^[^[]*\[\d+\]/.exec(key)?.[0] ?? key));
    const isUncertain = (key: string): boolean => uncertain.size > 0 && beginningsOf(key).some((beginning) => uncertain.has(beginning));
    return rules.flatMap((rule) => reportsOf(rule, config)).filter(({ key, basis = [] }) => ![key, ...basis].some(isUncertain));
}

/** The keys of everything that holds a value, and its own: `a.b[0]` is in `a` and `a.b`. */
const beginningsOf = (key: string): readonly string[] => [...Array.from(key.matchAll(/[.[]/g), ({ index }) => key.slice(0, index)), key];
