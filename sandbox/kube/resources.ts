import type { Container, Pod, Quantities } from "./objects";
import { numberOf } from "./quantity";

/** Amounts per resource, in cores, bytes or units. */
export type ResourceList = Readonly<Record<string, number>>;

/** Parses the quantities of a resource list. */
export function resourceList(quantities: Quantities = {}): ResourceList {
    return Object.fromEntries(Object.entries(quantities).map(([name, quantity]) => [name, numberOf(quantity)]));
}

/**
 * Computes a pod's requests as the scheduler does: the sum of its containers and sidecars, or its largest init container plus the sidecars
 * that start before it, whichever is larger; and one pod.
 */
export function requestsOf(pod: Pod): ResourceList {
    const { containers, initContainers = [], overhead } = pod.spec;
    let sidecars: ResourceList = {};
    let largest: ResourceList = {};
    for (const container of initContainers) {
        const requests = containerRequests(container);
        if (container.restartPolicy === "Always") {
            sidecars = plus(sidecars, requests);
        }
        largest = maximum(largest, container.restartPolicy === "Always" ? sidecars : plus(sidecars, requests));
    }
    const running = containers.map(containerRequests).reduce(plus, sidecars);
    return plus(plus(maximum(running, largest), resourceList(overhead)), { pods: 1 });
}

/** Returns the names of insufficient resources. */
export function shortages(needed: ResourceList, available: ResourceList): readonly string[] {
    // Tolerance for floating-point sums: 0.1 + 0.2 must fit into 0.3.
    return Object.keys(needed).filter((name) => (needed[name] ?? 0) > (available[name] ?? 0) + 1e-9);
}

export function plus(a: ResourceList, b: ResourceList): ResourceList {
    return combine(a, b, (x, y) => x + y);
}

export function minus(a: ResourceList, b: ResourceList): ResourceList {
    return combine(a, b, (x, y) => x - y);
}

function maximum(a: ResourceList, b: ResourceList): ResourceList {
    return combine(a, b, Math.max);
}

function combine(a: ResourceList, b: ResourceList, operation: (x: number, y: number) => number): ResourceList {
    const names = new Set([...Object.keys(a), ...Object.keys(b)]);
    return Object.fromEntries([...names].map((name) => [name, operation(a[name] ?? 0, b[name] ?? 0)]));
}

/** The API server has already defaulted missing requests to the limits. */
function containerRequests({ resources }: Container): ResourceList {
    return resourceList(resources?.requests);
}
