import type { StackConfig } from "./stack";
import type { Report } from "./problem";

/** One rule of the whole configuration: reports what contradicts it. */
export type Rule = (config: StackConfig, report: Report) => void;
