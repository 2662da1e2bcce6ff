import { keyOf, set, type Report, type Reported } from "./problem";
import type { AnyRule, Rule } from "./rule";
import { sections, type SectionName, type Workload } from "./sections";
import type { StackConfig } from "./stack";
import { admissionChecks } from "../cluster/admission/checks";
import { clusterChecks } from "../cluster/checks";
import { queueChecks } from "../cluster/queues/checks";
import { imageChecks } from "../images/checks";
import { triggerChecks } from "../images/trigger/checks";
import { serviceChecks } from "../inference/checks";
import { projectChecks } from "../project/checks";
import { registryChecks } from "../registry/checks";
import { runChecks } from "../training/checks";
import { workloadChecks } from "../workloads/checks/workloads";

/** The parts of a section's entry that the checks read. */
interface Checked {
    readonly needs?: readonly SectionName[];
    readonly workloads?: (section: never) => readonly Workload[];
    readonly starter?: readonly [field: string, value: string];
}
type Entry = readonly [SectionName, Checked];

const entries = Object.entries(sections) as readonly Entry[];

/** Sections that other sections need are present. */
export const neededSections: Rule<SectionName> = (config, report) => {
    const isGiven = ([name]: Entry): boolean => config[name] !== undefined;
    for (const [name, { starter }] of entries.filter((entry) => !isGiven(entry))) {
        const [user] = entries.find((entry) => isGiven(entry) && entry[1].needs?.includes(name)) ?? [];
        if (user !== undefined && starter !== undefined) {
            report(keyOf(name), `is missing or empty, but ${user} needs it`, set(keyOf(name, starter[0]), starter[1]));
        }
    }
};

/** Every rule, in the order in which its problems are reported. */
export const rules: readonly AnyRule[] = [
    neededSections,
    ...projectChecks,
    ...registryChecks,
    ...triggerChecks,
    ...imageChecks,
    ...clusterChecks,
    ...admissionChecks,
    ...queueChecks,
    ...serviceChecks,
    ...workloadChecks,
    ...runChecks,
];

/** All workloads of a stack. */
export const workloadsOf = (config: StackConfig): readonly Workload[] =>
    entries.flatMap(([name, { workloads }]) => (config[name] === undefined ? [] : (workloads?.(config[name] as never) ?? [])));

/** The problems that rules report for the parts of a configuration that they read. */
export function reportsOf<Parts>(rules: readonly ((config: Parts, report: Report) => void)[], config: Parts): readonly Reported[] {
    const reports: Reported[] = [];
    for (const rule of rules) {
        rule(config, (key, problem, remedy, basis) => reports.push({ key, problem, remedy, basis }));
    }
    return reports;
}

/**
 * Every contradiction in a configuration, and every conflict with the offers of Google Cloud. All rules run, and none changes a value.
 *
 * @param guessed keys of invalid values, which were checked with a valid value instead; problems that depend on them, or on other fields of their list element, are not reported
 */
export function checkStack(config: StackConfig, guessed: readonly string[] = []): readonly Reported[] {
    const uncertain = new Set(guessed.map((key) => /^[^[]*\[\d+\]/.exec(key)?.[0] ?? key));
    const isUncertain = (key: string): boolean => uncertain.size > 0 && beginningsOf(key).some((beginning) => uncertain.has(beginning));
    return reportsOf(rules, { ...config, workloads: workloadsOf(config) }).filter(
        ({ key, basis = [] }) => ![key, ...basis].some(isUncertain),
    );
}

/** The keys of everything that holds a value, and its own: `a.b[0]` is in `a` and `a.b`. */
const beginningsOf = (key: string): readonly string[] => [...Array.from(key.matchAll(/[.[]/g), ({ index }) => key.slice(0, index)), key];
