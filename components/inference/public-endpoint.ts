import * as gcp from "@pulumi/gcp";
import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { mapEntryName } from "../project/names";
import { backendPolicySpec, gatewaySpec, healthCheckSpec, routeSpec } from "../../k8s/network/gateway";

/** A public service. */
export interface PublicEndpointArgs {
    readonly namespace: pulumi.Input<string>;
    /** Name of the Kubernetes Service behind it. */
    readonly service: pulumi.Input<string>;
    /** Host name that it answers to. */
    readonly host: string;
    /** Public paths: each exact, or a prefix with `/*` at its end. */
    readonly paths: readonly string[];
    /** Health check of the load balancer. */
    readonly ready: { readonly port: number; readonly path: string; readonly timeoutSeconds: number };
    /** Maximum duration of a request in seconds. */
    readonly drainSeconds: number;
}

/** DNS records for the owner of the host name's zone. */
export interface DnsRecords {
    /** Value of the host's A record. */
    readonly address: pulumi.Output<string>;
    /** DNS record that proves to Google that the host is yours; Google issues the certificate once it exists. */
    readonly authorization: pulumi.Output<{ readonly name: string; readonly type: string; readonly data: string } | undefined>;
}

/**
 * Creates, under a component, an address, a managed certificate and a Gateway for a service.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/secure-gateway#secure-using-certificate-manager
 */
export function publicEndpoint(
    name: string,
    { namespace, service, host, paths, ready, drainSeconds }: PublicEndpointArgs,
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
        {
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: "HTTPRoute",
            metadata,
            spec: routeSpec(host, paths, gateway.metadata.name, service),
        },
        { parent },
    );
    new kubernetes.apiextensions.CustomResource(
        `${name}-health-check`,
        { apiVersion: "networking.gke.io/v1", kind: "HealthCheckPolicy", metadata, spec: healthCheckSpec(service, ready) },
        { parent },
    );
    new kubernetes.apiextensions.CustomResource(
        `${name}-backend`,
        { apiVersion: "networking.gke.io/v1", kind: "GCPBackendPolicy", metadata, spec: backendPolicySpec(service, { drainSeconds }) },
        { parent },
    );
    return { address: address.address, authorization: authorization.dnsResourceRecords.apply(([record]) => record) };
}

/** Managed certificate. With DNS authorization, Google can issue it before the host receives traffic. */
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
