import type { Report } from "./problem";
import type { Workload } from "./sections";
import type { StackConfig } from "./stack";

/** The input of rules: the facts and sections of a stack, and its workloads. */
export interface RuleInput extends StackConfig {
    /** The workloads of all sections. */
    readonly workloads: readonly Workload[];
}

/** A rule about any parts of a configuration. */
export type AnyRule = Rule<keyof RuleInput>;

/** A rule about some parts of a configuration, which reports violations. */
export type Rule<Parts extends keyof RuleInput> = (config: Pick<RuleInput, Parts>, report: Report) => void;
