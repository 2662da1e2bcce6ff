import type { EndpointSlice, Service } from "../../kube/objects";

/** Where a connection to a service can go. */
export interface Target {
    readonly address: string;
    readonly port: number;
    /** The node of its pod; empty if the endpoint is not a pod. */
    readonly node: string;
}

/** A TCP port of a service that has a cluster IP. */
export interface ServicePort {
    readonly namespace: string;
    readonly service: string;
    readonly clusterIp: string;
    readonly port: number;
    /** Its name in EndpointSlices; empty for a port without a name. */
    readonly portName: string;
}

/** The TCP ports of a service. A headless one has no address and so no port. */
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

/** The slices of a service. */
export function slicesOf(slices: readonly EndpointSlice[], namespace: string, service: string): readonly EndpointSlice[] {
    return slices.filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.["kubernetes.io/service-name"] === service);
}

/** The ready endpoints of a service's port. If none is ready, those that still serve while they terminate, as for kube-proxy. */
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
