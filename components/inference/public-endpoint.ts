import * as gcp from "@pulumi/gcp";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { mapEntryName } from "../project/names";
import { backendPolicySpec, gatewaySpec, healthCheckSpec, routeSpec } from "../../k8s/network/gateway";

/** A service that the internet reaches. */
export interface PublicEndpointArgs {
    readonly namespace: pulumi.Input<string>;
    /** Name of the Kubernetes Service behind it. */
    readonly service: pulumi.Input<string>;
    /** Host name that it answers to. */
    readonly host: string;
    /** The longest that a request may take, in seconds. */
    readonly drainSeconds: number;
}

/** What the owner of the host name's zone enters there. */
export interface DnsRecords {
    /** Value of the host's A record. */
    readonly address: pulumi.Output<string>;
    /** DNS record that proves to Google that the host is yours; the certificate is issued once it exists. */
    readonly authorization: pulumi.Output<{ readonly name: string; readonly type: string; readonly data: string } | undefined>;
}

/**
 * Makes, under a component, an address, a managed certificate and a Gateway for a service.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway#secure-using-certificate-manager
 */
export function publicEndpoint(
    name: string,
    { namespace, service, host, drainSeconds }: PublicEndpointArgs,
    parent: pulumi.ComponentResource,
): DnsRecords {
    const address = new gcp.compute.GlobalAddress(`${name}-address`, {}, { parent });
    const { authorization, map } = certificate(name, host, parent);
    const metadata = { name: service, namespace };
    const gateway = new kubernetes.apiextensions.CustomResource(
        `${name}-gateway`,
        {
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: "Gateway",
            metadata: { ...metadata, annotations: { "networking.gke.io/certmap": map.name } },
            spec: gatewaySpec(host, address.name),
        },
        { parent },
    );
    new kubernetes.apiextensions.CustomResource(
        `${name}-route`,
        { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata, spec: routeSpec(host, gateway.metadata.name, service) },
        { parent },
    );
    new kubernetes.apiextensions.CustomResource(
        `${name}-health-check`,
        { apiVersion: "networking.gke.io/v1", kind: "HealthCheckPolicy", metadata, spec: healthCheckSpec(service) },
        { parent },
    );
    new kubernetes.apiextensions.CustomResource(
        `${name}-backend`,
        { apiVersion: "networking.gke.io/v1", kind: "GCPBackendPolicy", metadata, spec: backendPolicySpec(service, { drainSeconds }) },
        { parent },
    );
    return { address: address.address, authorization: authorization.dnsResourceRecords.apply(([record]) => record) };
}

/** Issued by Google and renewed by it; DNS authorization, so that it can be there before any traffic is. */
function certificate(name: string, host: string, parent: pulumi.ComponentResource) {
    const authorization = new gcp.certificatemanager.DnsAuthorization(`${name}-authorization`, { domain: host }, { parent });
    const issued = new gcp.certificatemanager.Certificate(
        `${name}-certificate`,
        { managed: { domains: [host], dnsAuthorizations: [authorization.id] } },
        { parent },
    );
    const map = new gcp.certificatemanager.CertificateMap(`${name}-certificates`, {}, { parent });
    new gcp.certificatemanager.CertificateMapEntry(
        mapEntryName(`${name}-certificate-entry`),
        { map: map.name, hostname: host, certificates: [issued.id] },
        { parent },
    );
    return { authorization, map };
}
