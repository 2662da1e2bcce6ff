import type { Pod } from "../../kube/objects";

/** A node, and the pods that are bound to it. */
export interface NodeLoad {
    readonly name: string;
    readonly pods: readonly Pod[];
}

/** Whether a pod keeps its node from removal. Pods of DaemonSets, static pods and pods that have ended do not. */
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

/** The time since which each node is idle, kept from one run to the next. */
export type IdleSince = ReadonlyMap<string, number>;

/**
 * Which nodes to remove.
 * @param now milliseconds
 * @param idleMs how long a node may be idle
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
