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

/** Some parts of a configuration. The table of sections holds rules, so the names of parts cannot be limited to those that the table leads to. */
type PartsOf<Parts extends string> = { readonly [P in Parts]: P extends keyof RuleInput ? RuleInput[P] : never };

/** A rule of some parts of a configuration: reports what contradicts it. */
export type Rule<Parts extends string> = (config: PartsOf<Parts>, report: Report) => void;
