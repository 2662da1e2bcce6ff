import type { Pod } from "../../kube/objects";

/** A node and the pods that are bound to it. */
export interface NodeLoad {
    readonly name: string;
    readonly pods: readonly Pod[];
}

/** Whether a pod prevents the removal of its node. DaemonSet pods, static pods and completed pods do not. */
export function keepsNode(pod: Pod): boolean {
    const { phase } = pod.status ?? {};
    if (phase === "Succeeded" || phase === "Failed") {
        return false;
    }
    if (pod.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined) {
        return false;
    }
    return !(pod.metadata.ownerReferences ?? []).some(({ kind, controller }) => kind === "DaemonSet" && controller === true);
}

/** Start of each node's idle time, carried over between runs. */
export type IdleSince = ReadonlyMap<string, number>;

/**
 * Decides which nodes to remove.
 * @param now current time in milliseconds
 * @param idleMs how long a node may be idle, in milliseconds
 */
export function decideScaleDown(
    nodes: readonly NodeLoad[],
    earlier: IdleSince,
    now: number,
    idleMs: number,
): { readonly remove: readonly string[]; readonly idleSince: IdleSince } {
    const idle = nodes.filter(({ pods }) => !pods.some(keepsNode));
    const idleSince = new Map(idle.map(({ name }) => [name, earlier.get(name) ?? now]));
    return { remove: idle.map(({ name }) => name).filter((name) => now - (idleSince.get(name) ?? now) >= idleMs), idleSince };
}
