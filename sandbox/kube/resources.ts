import type { Container, Pod, Quantities } from "./objects";
import { numberOf } from "./quantity";

/** The amount of each resource, in cores, bytes and units. */
export type ResourceList = Readonly<Record<string, number>>;

/** The values of quantities. */
export function resourceList(quantities: Quantities = {}): ResourceList {
    return Object.fromEntries(Object.entries(quantities).map(([name, quantity]) => [name, numberOf(quantity)]));
}

/**
 * The requests of a pod, as the scheduler counts them: its containers and sidecars together, or its largest init container with the sidecars
 * started before it, whichever is more; and one pod.
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

/** Names of the resources of which more is needed than there is. */
export function shortages(needed: ResourceList, available: ResourceList): readonly string[] {
    // Sums of decimal fractions: 0.1 + 0.2 must still fit into 0.3.
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

/** The API server has already set requests that are missing to their limits. */
function containerRequests({ resources }: Container): ResourceList {
    return resourceList(resources?.requests);
}
