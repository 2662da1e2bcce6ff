/** Amounts by resource, of a pod or of what is left of a node. */
export type Amounts = readonly number[];

/** Pods of one size. */
export interface Pods {
    readonly size: Amounts;
    readonly count: number;
}

/** How many pods of a size fit into what is left. */
export const fitting = (left: Amounts, size: Amounts): number =>
    Math.min(...size.map((amount, resource) => (amount === 0 ? Infinity : Math.floor((left[resource] ?? 0) / amount))));

const minus = (left: Amounts, size: Amounts, times: number): Amounts =>
    left.map((amount, resource) => amount - times * (size[resource] ?? 0));

/**
 * How many equal nodes hold all the pods: the largest first, each group onto the nodes that are open, then onto new ones. A sufficient number, which is seldom more
 * than the least. Every group has to fit an empty node.
 */
export function nodesFor(groups: readonly Pods[], node: Amounts): number {
    const open: Amounts[] = [];
    const largestFirst = [...groups].sort((one, other) => (other.size[0] ?? 0) - (one.size[0] ?? 0));
    for (const { size, count } of largestFirst) {
        let rest = count;
        for (let index = 0; rest > 0; index += 1) {
            const left = open[index] ?? node;
            const placed = Math.min(rest, fitting(left, size));
            open[index] = minus(left, size, placed);
            rest -= placed;
        }
    }
    return open.length;
}
