import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { hostPolicySpec, type Destination } from "../../k8s/network/egress";

type PolicySpec = kubernetes.types.input.networking.v1.NetworkPolicySpec;

export interface WorkloadNetworkArgs {
    /** Name and namespace of the policies. */
    readonly metadata: { readonly name: string; readonly namespace: pulumi.Input<string>; readonly labels?: Record<string, string> };
    /** Labels of the workload's pods. */
    readonly podLabels: Record<string, string>;
    readonly policy: PolicySpec;
    /** Destinations of the workload. `policy` allows ranges and namespaces; hosts need a policy of GKE. */
    readonly egress: readonly Destination[];
}

/** Creates the network policies of a workload under a component: Kubernetes' own, and GKE's for destinations by host name. */
export function workloadNetwork(name: string, args: WorkloadNetworkArgs, parent: pulumi.ComponentResource): pulumi.Resource[] {
    const { metadata, policy } = args;
    const network = new kubernetes.networking.v1.NetworkPolicy(`${name}-network`, { metadata, spec: policy }, { parent });
    const spec = hostPolicySpec(args.podLabels, args.egress);
    if (spec === undefined) {
        return [network];
    }
    const hosts = new kubernetes.apiextensions.CustomResource(
        `${name}-hosts`,
        { apiVersion: "networking.gke.io/v1alpha1", kind: "FQDNNetworkPolicy", metadata, spec },
        { parent },
    );
    return [network, hosts];
}
