import type { Input } from "@pulumi/pulumi";
import { SERVICE_PORT } from "./inference";

/** Gateway of one host: HTTPS only, on an address of its own; the certificate comes from the map that its annotation names. */
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

/** What Google's load balancer asks the pods; without it, it asks `/`, which answers 404, and takes every pod out. */
export function healthCheckSpec(service: Input<string>) {
    return {
        default: { config: { type: "HTTP", httpHealthCheck: { port: SERVICE_PORT, requestPath: "/ready" } } },
        targetRef: { group: "", kind: "Service", name: service },
    };
}
