import type { PoolConfig } from "./config";
import { keyOf, type Path, type Report } from "../../config/problem";
import type { Rule } from "../../config/rule";

/** A rule of one GPU pool; `at` gives the key of one of its fields. */
type PoolRule = (pool: PoolConfig, at: (...path: Path) => string, report: Report) => void;

/** The rule of a whole configuration that applies a rule to each GPU pool. */
export const eachPool =
    (rule: PoolRule): Rule<"cluster"> =>
    ({ cluster }, report) => {
        cluster?.pools.forEach((pool, index) => {
            rule(pool, (...path) => keyOf("cluster", "pools", index, ...path), report);
        });
    };
