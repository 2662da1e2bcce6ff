import type { RawConfig } from "../../components/config/handed-over";
import { ConfigError, parseConfig } from "../../components/config/load";
import type { Problem } from "../../components/config/problem";

/**
 * The problems of a configuration; none if it is accepted.
 * @throws any error except {@link ConfigError}: a crash
 */
export function problemsOf(raw: RawConfig, stack = "dev"): readonly Problem[] {
    try {
        parseConfig(raw, stack);
        return [];
    } catch (error) {
        if (error instanceof ConfigError) {
            return error.problems;
        }
        throw error;
    }
}
