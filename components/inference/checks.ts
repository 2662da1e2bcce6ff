import type { Rule } from "../config/rule";
import type { ServiceConfig } from "./config";
import { advise, choose, keyOf, set, type Path, type Report } from "../config/problem";

/** A rule of one service; `at` gives the key of one of its fields. */
type ServiceRule = (service: ServiceConfig, at: (...path: Path) => string, report: Report) => void;

const eachService =
    (rule: ServiceRule): Rule<"inference"> =>
    ({ inference }, report) => {
        inference?.services.forEach((service, index) => {
            rule(service, (...path) => keyOf("inference", "services", index, ...path), report);
        });
    };

/** The duty cycle is measured for the whole GPU: pods that share one would all scale with the load of any of them. */
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
            `is ${autoscaling.target}, but a GPU's duty cycle is at most 100 percent, so the service would never scale`,
            choose(key, [60, 80, 90]),
        );
    }
});

/** A host name routes to one service. */
export const uniqueHosts: Rule<"inference"> = ({ inference }, report) => {
    const services = new Map<string, string>();
    inference?.services.forEach(({ name, public: endpoint }, index) => {
        const other = endpoint && services.get(endpoint.host);
        if (endpoint !== undefined && other !== undefined) {
            report(
                keyOf("inference", "services", index, "public", "host"),
                `${endpoint.host} is also the host of service ${other}, and a host routes to one service`,
                advise("Give each service another host."),
            );
        }
        if (endpoint !== undefined && other === undefined) {
            services.set(endpoint.host, name);
        }
    });
};

/** Google's load balancer has HTTP health checks only. */
export const publicReadiness = eachService(({ probes, public: endpoint }, at, report) => {
    if (endpoint !== undefined && "command" in probes.ready) {
        const key = at("probes", "ready");
        report(
            key,
            "is a command, but the service is public, and the health check of the load balancer uses HTTP",
            advise(`Set ${at("probes", "ready", "path")} to a path that answers once the pod takes requests.`),
            [at("public")],
        );
    }
});

/** The rules of the inference services. */
export const serviceChecks: readonly Rule<"cluster" | "inference">[] = [
    dutyCycleWithoutSharing,
    dutyCycleIsPercentage,
    uniqueHosts,
    publicReadiness,
];
