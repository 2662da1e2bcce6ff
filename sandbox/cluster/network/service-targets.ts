import type { EndpointSlice, Service } from "../../kube/objects";

/** An endpoint that a connection to a Service can use. */
export interface Target {
    readonly address: string;
    readonly port: number;
    /** Node of the endpoint's pod; empty if the endpoint is not a pod. */
    readonly node: string;
}

/** A TCP port of a Service with a cluster IP. */
export interface ServicePort {
    readonly namespace: string;
    readonly service: string;
    readonly clusterIp: string;
    readonly port: number;
    /** Port name in EndpointSlices; empty for an unnamed port. */
    readonly portName: string;
}

/** Returns the TCP ports of a Service. A headless Service has no cluster IP and so no ports. */
export function portsOf({ metadata, spec }: Service): readonly ServicePort[] {
    const clusterIp = spec.clusterIP;
    if (clusterIp === undefined || clusterIp === "" || clusterIp === "None") {
        return [];
    }
    return (spec.ports ?? [])
        .filter(({ protocol = "TCP" }) => protocol === "TCP")
        .map(({ port, name = "" }) => ({
            namespace: metadata.namespace ?? "",
            service: metadata.name,
            clusterIp,
            port,
            portName: name,
        }));
}

/** Returns the EndpointSlices of a Service. */
export function slicesOf(slices: readonly EndpointSlice[], namespace: string, service: string): readonly EndpointSlice[] {
    return slices.filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.["kubernetes.io/service-name"] === service);
}

/** Returns the ready endpoints of a Service port. If none is ready, returns terminating endpoints that still serve, as kube-proxy does. */
export function targetsOf(slices: readonly EndpointSlice[], { namespace, service, portName }: ServicePort): readonly Target[] {
    const endpoints = slicesOf(slices, namespace, service).flatMap(({ endpoints: listed, ports }) => {
        const port = ports?.find(({ name = "" }) => name === portName)?.port;
        return port === undefined
            ? []
            : (listed ?? []).map(({ addresses, conditions, nodeName: node = "" }) => ({
                  conditions,
                  target: { address: addresses[0] ?? "", port, node },
              }));
    });
    const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false);
    const serving = endpoints.filter(({ conditions }) => conditions?.serving === true && conditions.terminating === true);
    return (ready.length > 0 ? ready : serving).map(({ target }) => target);
}
