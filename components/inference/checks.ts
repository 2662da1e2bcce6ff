import type { Rule } from "../config/rule";
import type { ServiceConfig } from "./config";
import { advise, choose, keyOf, oneOf, remove, set, type Path, type Report } from "../config/problem";

/** A rule of one service; `at` gives the key of one of its fields. */
type ServiceRule = (service: ServiceConfig, at: (...path: Path) => string, report: Report) => void;

const eachService =
    (rule: ServiceRule): Rule<"inference"> =>
    ({ inference }, report) => {
        inference?.services.forEach((service, index) => {
            rule(service, (...path) => keyOf("inference", "services", index, ...path), report);
        });
    };

/** The names of services are unique. */
export const uniqueServices: Rule<"inference"> = ({ inference }, report) => {
    const names = new Set<string>();
    inference?.services.forEach(({ name }, index) => {
        const key = keyOf("inference", "services", index, "name");
        if (names.has(name)) {
            report(key, `${name} is the name of another service`, set(key, `${name}-${index + 1}`));
        }
        names.add(name);
    });
};

/** The number of pods is fixed, or the autoscaler's: it would take turns with each deployment otherwise. */
export const oneScale = eachService(({ replicas, autoscaling }, at, report) => {
    if (replicas !== undefined && autoscaling !== undefined) {
        report(at("replicas"), "is set together with autoscaling, which decides the number of pods", remove(at("replicas")));
    }
});

/** No autoscaler's minimum is above its maximum. */
export const autoscalingBounds = eachService(({ autoscaling }, at, report) => {
    if (autoscaling !== undefined && autoscaling.min > autoscaling.max) {
        const { min, max } = autoscaling;
        const key = at("autoscaling", "max");
        const remedy = oneOf([`up to ${min} pods`, set(key, min)], [`at least ${max}`, set(at("autoscaling", "min"), max)]);
        report(key, `${max} is below autoscaling.min, ${min}`, remedy);
    }
});

/** The duty cycle is the whole GPU's: pods that share one would all be scaled by the load of any. */
export const dutyCycleWithoutSharing: Rule<"cluster" | "inference"> = ({ cluster, inference }, report) => {
    const sharing = new Map(cluster?.pools.flatMap((pool, index) => (pool.sharing === undefined ? [] : [[pool.name, index] as const])));
    inference?.services.forEach(({ pool, autoscaling }, index) => {
        const shared = sharing.get(pool);
        if (shared !== undefined && autoscaling?.metric === "gpu-duty-cycle") {
            const key = keyOf("inference", "services", index, "autoscaling", "metric");
            report(
                key,
                `is gpu-duty-cycle, but pool ${pool} shares its GPUs, and the duty cycle of a shared GPU counts all its pods`,
                set(key, "requests-in-flight"),
                [keyOf("cluster", "pools", shared)],
            );
        }
    });
};

/** The duty cycle is a percentage. */
export const dutyCycleIsPercentage = eachService(({ autoscaling }, at, report) => {
    if (autoscaling?.metric === "gpu-duty-cycle" && autoscaling.target > 100) {
        const key = at("autoscaling", "target");
        report(
            key,
            `is ${autoscaling.target}, but a GPU's duty cycle is at most 100 per cent, so the service would never scale`,
            choose(key, [60, 80, 90]),
        );
    }
});

/** A host name leads to one service. */
export const uniqueHosts: Rule<"inference"> = ({ inference }, report) => {
    const services = new Map<string, string>();
    inference?.services.forEach(({ name, public: endpoint }, index) => {
        const other = endpoint && services.get(endpoint.host);
        if (endpoint !== undefined && other !== undefined) {
            report(
                keyOf("inference", "services", index, "public", "host"),
                `${endpoint.host} is the host of service ${other} too, and a host leads to one service`,
                advise("Give each service another host."),
            );
        }
        if (endpoint !== undefined && other === undefined) {
            services.set(endpoint.host, name);
        }
    });
};

/** Objects that each namespace of the stack has already. */
const NAMESPACE_OBJECTS: Readonly<Record<string, string>> = {
    "default-deny": "the network policy of the whole namespace",
    default: "the service account that Kubernetes creates in each namespace",
};

/** No service is called like an object that its namespace has already. */
export const freeServiceNames: Rule<"inference"> = ({ inference }, report) => {
    inference?.services.forEach(({ name }, index) => {
        const taken = Object.hasOwn(NAMESPACE_OBJECTS, name) ? NAMESPACE_OBJECTS[name] : undefined;
        if (taken !== undefined) {
            const key = keyOf("inference", "services", index, "name");
            report(key, `${name} is the name of ${taken}`, set(key, `${name}-service`));
        }
    });
};

/** The rules of the inference services. */
export const serviceChecks: readonly Rule<"cluster" | "inference">[] = [
    uniqueServices,
    freeServiceNames,
    oneScale,
    autoscalingBounds,
    dutyCycleWithoutSharing,
    dutyCycleIsPercentage,
    uniqueHosts,
];
