import type { types } from "@pulumi/kubernetes";
import { LINK_LOCAL, egressRules, type Destination } from "./egress";

type PolicySpec = types.input.networking.v1.NetworkPolicySpec;
type Egress = types.input.networking.v1.NetworkPolicyEgressRule;

/** Denies all traffic of all pods in the namespace. Other policies allow the traffic that a workload needs. */
export function defaultDenySpec(): PolicySpec {
    return { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
}

/** DNS of the cluster, which on Dataplane V2 answers from the node itself. */
const DNS: Egress = {
    ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
    ],
};

/** GKE's metadata server, from which Workload Identity's tokens come. https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity */
const METADATA: Egress = {
    to: [{ ipBlock: { cidr: "169.254.169.252/32" } }, { ipBlock: { cidr: "169.254.169.254/32" } }],
    ports: [
        { protocol: "TCP", port: 80 },
        { protocol: "TCP", port: 988 },
    ],
};

/**
 * HTTPS. Private Google Access keeps the public addresses of Google's APIs, which share no stable ranges, so a policy cannot allow them alone; trackers and model
 * hubs are reached the same way. https://cloud.google.com/vpc/docs/configure-private-google-access#ip-addr-defaults
 */
const HTTPS: Egress = { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [LINK_LOCAL] } }], ports: [{ protocol: "TCP", port: 443 }] };

/** Egress of every workload: DNS, its own credentials, Google's APIs and other HTTPS servers, and the destinations in its settings. */
const egressOf = (destinations: readonly Destination[]): Egress[] => [DNS, METADATA, HTTPS, ...egressRules(destinations)];

/** Load balancers of Google and their health checks. https://cloud.google.com/load-balancing/docs/firewall-rules */
const GOOGLE_FRONT_ENDS = ["35.191.0.0/16", "130.211.0.0/22"];

/** Policy of a service: ingress from pods of the cluster, and from Google's load balancers if it is public. */
export function serviceNetworkSpec(
    labels: Record<string, string>,
    needs: { readonly port: number; readonly public: boolean; readonly egress: readonly Destination[] },
): PolicySpec {
    return {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
            {
                from: [{ namespaceSelector: {} }, ...(needs.public ? GOOGLE_FRONT_ENDS.map((cidr) => ({ ipBlock: { cidr } })) : [])],
                ports: [{ protocol: "TCP", port: needs.port }],
            },
        ],
        egress: egressOf(needs.egress),
    };
}

/** Policy of a worker. It fetches its tasks, so it has no ingress. */
export function workerNetworkSpec(labels: Record<string, string>, egress: readonly Destination[]): PolicySpec {
    return { podSelector: { matchLabels: labels }, policyTypes: ["Ingress", "Egress"], ingress: [], egress: egressOf(egress) };
}

/** Policy of runs: their pods may connect to each other. */
export function trainingNetworkSpec(labels: Record<string, string>, egress: readonly Destination[]): PolicySpec {
    const peers = [{ podSelector: { matchLabels: labels } }];
    return {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: peers }],
        egress: [...egressOf(egress), { to: peers }],
    };
}

/** Policy of TensorBoard: ingress from the cluster, and egress to the bucket of the logs. */
export function tensorboardNetworkSpec(labels: Record<string, string>, port: number): PolicySpec {
    return {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port }] }],
        egress: egressOf([]),
    };
}
