import { CommandError } from "../command-line/run";
import type { Target } from "./kind";

/**
 * The pool of a new workload: the one from the command line, else the one that workloads of its kind use, else the only one.
 * @param like pool of an existing workload of the same kind; undefined if none exists
 * @throws CommandError if the stack has no such pool, or several to choose from
 */
export function poolFor({ stack, config, pool }: Target, like: string | undefined): string {
    const pools = (config.cluster?.pools ?? []).map(({ name }) => name);
    if (pools.length === 0) {
        throw new CommandError(`Stack ${stack} has no GPU pool: add one to ml-platform:cluster in Pulumi.${stack}.yaml first.`);
    }
    const chosen = pool ?? like ?? (pools.length === 1 ? pools[0] : undefined);
    if (chosen === undefined) {
        throw new CommandError(`Stack ${stack} has the pools ${pools.join(", ")}: name one of them with --pool.`);
    }
    if (!pools.includes(chosen)) {
        throw new CommandError(`Stack ${stack} has no pool ${chosen}: it has ${pools.join(", ")}.`);
    }
    return chosen;
}
