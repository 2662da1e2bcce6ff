import type { Report } from "./problem";
import type { Workload } from "./sections";
import type { StackConfig } from "./stack";

/** What rules read: the facts and sections of a stack, and what runs in its cluster. */
export interface RuleInput extends StackConfig {
    /** The workloads of all sections. */
    readonly workloads: readonly Workload[];
}

/** A rule of any parts of a configuration. */
export type AnyRule = Rule<keyof RuleInput>;

/** A rule of some parts of a configuration: reports what contradicts it. */
export type Rule<Parts extends keyof RuleInput> = (config: Pick<RuleInput, Parts>, report: Report) => void;
