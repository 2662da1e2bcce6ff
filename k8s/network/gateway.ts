import type { Input } from "@pulumi/pulumi";
import { SERVICE_PORT } from "../inference";
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

/** Route to predictions, and to nothing else: metrics and health are for the cluster. */
export function routeSpec(host: string, gateway: Input<string>, service: Input<string>) {
    return {
        parentRefs: [{ name: gateway }],
        hostnames: [host],
        rules: [{ matches: [{ path: { type: "Exact", value: "/predict" } }], backendRefs: [{ name: service, port: 80 }] }],
    };
}

/**
 * Health check of Google's load balancer, with the path, period and thresholds of the pods' own readiness probe. Without it, the load balancer asks for `/`, which
 * answers 404, and takes every pod out.
 */
export function healthCheckSpec(service: Input<string>) {
    const config = { type: "HTTP", httpHealthCheck: { port: SERVICE_PORT, requestPath: "/ready" } };
    return {
        default: { checkIntervalSec: 5, timeoutSec: 3, healthyThreshold: 1, unhealthyThreshold: 2, config },
        targetRef: targetRef(service),
    };
}

/**
 * Timeouts of Google's load balancer. A request may take as long as a stopping pod gives it, in place of 30 seconds; requests in flight to a pod that is removed get
 * the same time, in place of none. https://cloud.google.com/kubernetes-engine/docs/how-to/configure-gateway-resources
 */
export function backendPolicySpec(service: Input<string>, { drainSeconds }: Pick<ServiceTimes, "drainSeconds">) {
    const timeoutSec = Math.max(1, drainSeconds);
    return { default: { timeoutSec, connectionDraining: { drainingTimeoutSec: drainSeconds } }, targetRef: targetRef(service) };
}
