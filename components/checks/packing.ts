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

/** Nodes with the same amounts left. */
interface Nodes {
    readonly left: Amounts;
    readonly count: number;
}

/** Puts pods onto nodes, as many as fit, and tells how many are left over. */
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

/**
 * How many equal nodes hold all the pods: the largest first, onto the nodes that are open, then onto new ones. A sufficient number, which is seldom more than the
 * least. A pod of each size has to fit an empty node.
 */
export function nodesFor(groups: readonly Pods[], node: Amounts): number {
    const largestFirst = [...groups].sort((one, other) => (other.size[0] ?? 0) - (one.size[0] ?? 0));
    const open = largestFirst.reduce<readonly Nodes[]>((nodes, { size, count }) => {
        const fresh = { left: node, count: Math.ceil(count / fitting(node, size)) };
        const { after, rest } = nodes.reduce<{ readonly after: readonly Nodes[]; readonly rest: number }>(
            (state, group) => {
                const placed = place(group, size, state.rest);
                return { after: [...state.after, ...placed.nodes], rest: placed.rest };
            },
            { after: [], rest: count },
        );
        return [...after, ...place(fresh, size, rest).nodes.filter(({ left }) => left !== node)];
    }, []);
    return open.reduce((sum, { count }) => sum + count, 0);
}
