import type { Rule } from "./rule";
import type { ServiceConfig } from "../config/inference";
import { keyOf, remove, set, type Path, type Report } from "../problem";

/** A rule of one service; `at` gives the key of one of its fields. */
type ServiceRule = (service: ServiceConfig, at: (...path: Path) => string, report: Report) => void;

const eachService =
    (rule: ServiceRule): Rule =>
    ({ inference }, report) => {
        inference?.services.forEach((service, index) => {
            rule(service, (...path) => keyOf("inference", "services", index, ...path), report);
        });
    };

/** Each service has a name of its own. */
export const uniqueServices: Rule = ({ inference }, report) => {
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
        report(at("replicas"), "stands beside autoscaling, which decides the number of pods", remove(at("replicas")));
    }
});

/** No autoscaler's minimum is above its maximum. */
export const autoscalingBounds = eachService(({ autoscaling }, at, report) => {
    if (autoscaling !== undefined && autoscaling.min > autoscaling.max) {
        const key = at("autoscaling", "max");
        report(key, `${autoscaling.max} is below autoscaling.min, ${autoscaling.min}`, set(key, autoscaling.min));
    }
});

/** The duty cycle is the whole GPU's: pods that share one would all be scaled by the load of any. */
export const dutyCycleWithoutSharing: Rule = ({ cluster, inference }, report) => {
    const sharing = new Map(cluster?.pools.flatMap((pool, index) => (pool.sharing === undefined ? [] : [[pool.name, index] as const])));
    inference?.services.forEach(({ pool, autoscaling }, index) => {
        const shared = sharing.get(pool);
        if (shared !== undefined && autoscaling?.metric === "gpu-duty-cycle") {
            const key = keyOf("inference", "services", index, "autoscaling", "metric");
            report(
                key,
                `is gpu-duty-cycle, but pool ${pool} shares its GPUs, whose duty cycle is that of all sharers`,
                set(key, "requests-in-flight"),
                [keyOf("cluster", "pools", shared)],
            );
        }
    });
};
