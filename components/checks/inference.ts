import type { Rule } from "./rule";
import type { ServiceConfig } from "../config/inference";
import { keyOf, remove, set, type Path, type Problem } from "../problem";

const eachService =
    (rule: (service: ServiceConfig, at: (...path: Path) => string) => readonly Problem[]): Rule =>
    ({ inference }) =>
        (inference?.services ?? []).flatMap((service, index) => rule(service, (...path) => keyOf("inference", "services", index, ...path)));

/** Each service has a name of its own. */
export const uniqueServices: Rule = ({ inference }) => {
    const names = (inference?.services ?? []).map(({ name }) => name);
    return names.flatMap((name, index) => {
        const key = keyOf("inference", "services", index, "name");
        return names.indexOf(name) === index
            ? []
            : [{ key, problem: `${name} is the name of another service`, remedy: set(key, `${name}-${index + 1}`) }];
    });
};

/** The number of pods is fixed, or the autoscaler's: it would take turns with each deployment otherwise. */
export const oneScale = eachService(({ replicas, autoscaling }, at) =>
    replicas === undefined || autoscaling === undefined
        ? []
        : [{ key: at("replicas"), problem: "stands beside autoscaling, which decides the number of pods", remedy: remove(at("replicas")) }],
);

/** No autoscaler's minimum is above its maximum. */
export const autoscalingBounds = eachService(({ autoscaling }, at) =>
    autoscaling === undefined || autoscaling.min <= autoscaling.max
        ? []
        : [
              {
                  key: at("autoscaling", "max"),
                  problem: `${autoscaling.max} is below autoscaling.min, ${autoscaling.min}`,
                  remedy: set(at("autoscaling", "max"), autoscaling.min),
              },
          ],
);

/** The duty cycle is the whole GPU's: pods that share one would all be scaled by the load of any. */
export const dutyCycleWithoutSharing: Rule = ({ cluster, inference }) =>
    (inference?.services ?? []).flatMap(({ pool, autoscaling }, index) => {
        const sharing = cluster?.pools.findIndex((candidate) => candidate.name === pool && candidate.sharing !== undefined) ?? -1;
        const key = keyOf("inference", "services", index, "autoscaling", "metric");
        return sharing !== -1 && autoscaling?.metric === "gpu-duty-cycle"
            ? [
                  {
                      key,
                      problem: `is gpu-duty-cycle, but pool ${pool} shares its GPUs, whose duty cycle is that of all sharers`,
                      remedy: set(key, "requests-in-flight"),
                      basis: [keyOf("cluster", "pools", sharing)],
                  },
              ]
            : [];
    });
