/** Amounts by resource, of a pod or of the free capacity of a node. */
export type Amounts = readonly number[];

/** Pods of one size. */
export interface Pods {
    readonly size: Amounts;
    readonly count: number;
}

/** Number of pods of a size that fit into the free capacity. */
export const fitting = (left: Amounts, size: Amounts): number =>
    Math.min(...size.map((amount, resource) => (amount === 0 ? Infinity : Math.floor((left[resource] ?? 0) / amount))));

/** Nodes with the same free capacity. */
interface Nodes {
    readonly left: Amounts;
    readonly count: number;
}

const minus = (left: Amounts, size: Amounts, times: number): Amounts =>
    left.map((amount, resource) => amount - times * (size[resource] ?? 0));

/** Places as many pods as fit on nodes, and returns the number that is left over. */
function place({ left, count }: Nodes, size: Amounts, pods: number): { readonly nodes: readonly Nodes[]; readonly rest: number } {
    const perNode = fitting(left, size);
    const full = perNode === 0 ? 0 : Math.min(count, Math.floor(pods / perNode));
    const onLast = full === count ? 0 : Math.min(perNode, pods - full * perNode);
    const nodes = [
        { left: minus(left, size, perNode), count: full },
        { left: minus(left, size, onLast), count: onLast > 0 ? 1 : 0 },
        { left, count: count - full - (onLast > 0 ? 1 : 0) },
    ];
    return { nodes: nodes.filter((group) => group.count > 0), rest: pods - full * perNode - onLast };
}

/** Maximum number of kinds of partly filled nodes that are tried for a pod. With more kinds the result may be slightly larger, and the time stays linear in the number of pod sizes. */
const MOST_OPEN = 64;

/**
 * Number of equal nodes that hold all pods: the largest pods first, on nodes in use if they fit, otherwise on new ones. The number is sufficient, and rarely more than the
 * minimum. A pod of each size has to fit an empty node.
 */
export function nodesFor(groups: readonly Pods[], node: Amounts): number {
    const largestFirst = bySize(groups).toSorted((one, other) => (other.size[0] ?? 0) - (one.size[0] ?? 0));
    let open: readonly Nodes[] = [];
    let closed = 0;
    for (const { size, count } of largestFirst) {
        const after: Nodes[] = [];
        let rest = count;
        for (const group of open) {
            const placed = rest === 0 ? { nodes: [group], rest } : place(group, size, rest);
            after.push(...placed.nodes);
            rest = placed.rest;
        }
        const fresh = { left: node, count: Math.ceil(rest / fitting(node, size)) };
        after.push(...place(fresh, size, rest).nodes.filter(({ left }) => left !== node));
        // A node without a free GPU takes no more pods, since each requests one.
        open = after.filter(({ left }) => (left[0] ?? 0) > 0).slice(-MOST_OPEN);
        closed += countOf(after) - countOf(open);
    }
    return closed + countOf(open);
}

const countOf = (nodes: readonly Nodes[]): number => nodes.reduce((sum, { count }) => sum + count, 0);

/** Pods of the same size, taken together. */
function bySize(groups: readonly Pods[]): readonly Pods[] {
    const sizes = new Map<string, Pods>();
    for (const { size, count } of groups) {
        const key = size.join();
        sizes.set(key, { size, count: count + (sizes.get(key)?.count ?? 0) });
    }
    return [...sizes.values()];
}
