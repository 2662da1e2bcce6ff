import type { StackConfig } from "../config/stack";
import { isNewClaim } from "../config/fields";
import { poolSuffix } from "../pool-sources";
import { advise, keyOf, remove, set, type Report } from "../problem";
import { eachPool } from "./each-pool";
import type { Rule } from "./rule";

/** Each pool has a name of its own, and none has that of the system pool. */
export const uniquePools: Rule = ({ cluster }, report) => {
    const names = new Set(["system"]);
    cluster?.pools.forEach(({ name }, index) => {
        const key = keyOf("cluster", "pools", index, "name");
        if (names.has(name)) {
            report(key, `${name} is the name of another pool`, set(key, `${name}-${index + 1}`));
        }
        names.add(name);
    });
};

/** No two pools come to a node pool of the same name: `big` on spot, as a fallback, is `big-spot`. */
export const uniqueNodePools: Rule = ({ cluster }, report) => {
    const owners = new Map<string, string>();
    cluster?.pools.forEach((pool, index) => {
        const suffixes = pool.capacity.map((capacity) => poolSuffix(pool, capacity));
        const taken = suffixes.find((suffix) => ![undefined, pool.name].includes(owners.get(suffix)));
        if (taken !== undefined) {
            const key = keyOf("cluster", "pools", index, "name");
            report(key, `${pool.name} and ${owners.get(taken)} both have a node pool ${taken}`, set(key, `${pool.name}-${index + 1}`));
        }
        suffixes.forEach((suffix) => owners.set(suffix, owners.get(suffix) ?? pool.name));
    });
};

/**
 * A pool with several sources of capacity gives its name to a compute class, and GKE keeps some names for its own.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes
 */
export const computeClassName = eachPool(({ name, capacity }, at, report) => {
    if (capacity.length > 1 && /^(gke|autopilot)/.test(name)) {
        report(
            at("name"),
            `${name} cannot name a compute class, which several sources of capacity need: GKE keeps names that begin with gke or autopilot`,
            set(at("name"), `pool-${name}`),
        );
    }
});

/** Each source of capacity is in a pool's list once. */
export const uniqueCapacities = eachPool(({ capacity }, at, report) => {
    const sources = capacity.map((source) => (typeof source === "string" ? source : `reservation ${source.reservation}`));
    sources.forEach((source, index) => {
        if (sources.indexOf(source) !== index) {
            report(at("capacity", index), `repeats ${source}`, remove(at("capacity", index)));
        }
    });
});

/** Namespaces that Kubernetes and GKE keep for themselves. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/namespaces */
const SYSTEM_NAMESPACE = /^(kube|gke|gmp)-|^default$/;

/** The namespaces of services and runs are the stack's own, and two. */
export const ownNamespaces: Rule = ({ inference, training }, report) => {
    const services = inference?.namespace ?? "inference";
    refuseSystem(services, keyOf("inference", "namespace"), "inference", report);
    if (training === undefined) {
        return;
    }
    const key = keyOf("training", "namespace");
    refuseSystem(training.namespace, key, "training", report);
    if (training.namespace === inference?.namespace) {
        const other = services === "training" ? "runs" : "training";
        report(key, `${services} is the namespace of the services, and runs have one of their own`, set(key, other));
    }
};

function refuseSystem(namespace: string, key: string, otherwise: string, report: Report): void {
    if (SYSTEM_NAMESPACE.test(namespace)) {
        report(key, `${namespace} is a namespace of Kubernetes or GKE; the stack creates its own`, set(key, otherwise));
    }
}

/** Objects that each namespace of the stack has already. */
const NAMESPACE_OBJECTS: Readonly<Record<string, string>> = {
    "default-deny": "the network policy of the whole namespace",
    default: "the service account that Kubernetes creates in each namespace",
};

/** No service is called like an object that its namespace has already. */
export const freeServiceNames: Rule = ({ inference }, report) => {
    inference?.services.forEach(({ name }, index) => {
        const taken = Object.hasOwn(NAMESPACE_OBJECTS, name) ? NAMESPACE_OBJECTS[name] : undefined;
        if (taken !== undefined) {
            const key = keyOf("inference", "services", index, "name");
            report(key, `${name} is the name of ${taken}`, set(key, `${name}-service`));
        }
    });
};

/** Each member is in a list once. */
export const uniqueMembers: Rule = ({ registry }, report) => {
    for (const field of ["readers", "writers"] as const) {
        registry?.[field].forEach((member, index, members) => {
            if (members.indexOf(member) !== index) {
                const key = keyOf("registry", field, index);
                report(key, `repeats ${member}`, remove(key));
            }
        });
    }
};

/** A claim is created once. */
export const uniqueClaims: Rule = ({ training }: StackConfig, report) => {
    const { checkpoints, data } = training ?? {};
    if (isNewClaim(checkpoints) && isNewClaim(data) && checkpoints.claim === data.claim) {
        report(
            keyOf("training", "data"),
            `claim ${data.claim} has a size, so the stack would create it twice: checkpoints creates it`,
            advise("Give data a claim of its own, or leave out its size to mount the one of checkpoints"),
        );
    }
};
