import type { Input } from "@pulumi/pulumi";
import { READINESS } from "../probes";
import type { ServiceTimes } from "../rollout";

const targetRef = (service: Input<string>) => ({ group: "", kind: "Service", name: service });

/** Gateway of one host: HTTPS only, on a reserved address; its annotation names the certificate map. */
export function gatewaySpec(host: string, address: Input<string>) {
    return {
        gatewayClassName: "gke-l7-global-external-managed",
        addresses: [{ type: "NamedAddress", value: address }],
        listeners: [{ name: "https", protocol: "HTTPS", port: 443, hostname: host, allowedRoutes: { namespaces: { from: "Same" } } }],
    };
}

/**
 * Route to the public paths only: metrics and health checks stay inside the cluster.
 * @param paths each a path, or with `/*` at its end everything below one
 */
export function routeSpec(host: string, paths: readonly string[], gateway: Input<string>, service: Input<string>) {
    const matches = paths.map((path) => ({
        path: path.endsWith("/*") ? { type: "PathPrefix", value: path.slice(0, -2) || "/" } : { type: "Exact", value: path },
    }));
    return { parentRefs: [{ name: gateway }], hostnames: [host], rules: [{ matches, backendRefs: [{ name: service, port: 80 }] }] };
}

/**
 * Health check of Google's load balancer, with the path, period and thresholds of the pods' own readiness probe. Without it, the load balancer requests `/`, which
 * returns 404, and removes every pod.
 */
export function healthCheckSpec(
    service: Input<string>,
    ready: { readonly port: number; readonly path: string; readonly timeoutSeconds: number },
) {
    const config = { type: "HTTP", httpHealthCheck: { port: ready.port, requestPath: ready.path } };
    return {
        default: {
            checkIntervalSec: Math.max(READINESS.periodSeconds, ready.timeoutSeconds),
            timeoutSec: ready.timeoutSeconds,
            healthyThreshold: 1,
            unhealthyThreshold: READINESS.failureThreshold,
            config,
        },
        targetRef: targetRef(service),
    };
}

/**
 * Timeouts of Google's load balancer. A request may take as long as the drain of a pod, instead of 30 seconds. Requests in flight to a pod that is removed get
 * the same time, instead of none. https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources
 */
export function backendPolicySpec(service: Input<string>, { drainSeconds }: Pick<ServiceTimes, "drainSeconds">) {
    const timeoutSec = Math.max(1, drainSeconds);
    return { default: { timeoutSec, connectionDraining: { drainingTimeoutSec: drainSeconds } }, targetRef: targetRef(service) };
}
