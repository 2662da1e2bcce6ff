import type { EndpointSlice, Pod, Service } from "../../../kube/objects";
import { worstTrouble } from "./pod-trouble";
import { ready, waiting, type Readiness, type Related, type Verdict } from "./readiness";

/**
 * A Service is ready when at least one of its pods is ready and, for a load balancer, when it has an address. Headless and external
 * Services are not awaited.
 */
export const serviceReadiness: Readiness = {
    timeoutSeconds: 600,
    related: ["endpointSlices", "pods", "events"],
    verdict: (object, related) => serviceVerdict(object as Service, related),
};

function serviceVerdict(service: Service, related: Related): Verdict {
    const { type = "ClusterIP", clusterIP, selector = {} } = service.spec;
    const awaitsEndpoints = type !== "ExternalName" && clusterIP !== "None" && Object.keys(selector).length > 0;
    if (awaitsEndpoints && readyEndpoints(service, related.endpointSlices ?? []) === 0) {
        const pods = ((related.pods ?? []) as readonly Pod[]).filter((pod) => matches(selector, pod.metadata.labels ?? {}));
        const trouble = worstTrouble(pods, related.events ?? []);
        const because = trouble?.message ?? (pods.length === 0 ? "no pod matches its selector" : undefined);
        return waiting(`[1/2] waiting for a pod that serves${because === undefined ? "" : `: ${because}`}`, trouble?.witness);
    }
    if (type === "LoadBalancer" && (service.status?.loadBalancer?.ingress ?? []).length === 0) {
        return waiting("[2/2] waiting for the load balancer's address");
    }
    return ready;
}

function readyEndpoints(service: Service, slices: readonly EndpointSlice[]): number {
    const own = slices.filter((slice) => slice.metadata.labels?.["kubernetes.io/service-name"] === service.metadata.name);
    // A missing condition means ready (discovery.k8s.io/v1 EndpointConditions).
    return own.flatMap((slice) => slice.endpoints ?? []).filter((endpoint) => endpoint.conditions?.ready !== false).length;
}

function matches(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
    return Object.entries(selector).every(([name, value]) => labels[name] === value);
}
