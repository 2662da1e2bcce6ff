import type { StackConfig } from "../config/stack";
import type { CrossProblem } from "../problem";

/** One rule of the whole configuration: what contradicts it. */
export type Rule = (config: StackConfig) => readonly CrossProblem[];
