import type { types } from "@pulumi/kubernetes";

type PolicySpec = types.input.networking.v1.NetworkPolicySpec;
type Egress = types.input.networking.v1.NetworkPolicyEgressRule;

/** Nothing in, nothing out, for every pod of the namespace; what is needed is allowed by policies beside this one. */
export function defaultDenySpec(): PolicySpec {
    return { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
}

/** Names: the cluster's DNS, which on Dataplane V2 answers from the node itself. */
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

/** HTTPS to anywhere outside the machine's own neighbourhood: Google's APIs, trackers, model hubs. */
const HTTPS: Egress = { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }], ports: [{ protocol: "TCP", port: 443 }] };

/** Load balancers of Google and their health checks. https://cloud.google.com/load-balancing/docs/firewall-rules */
const GOOGLE_FRONT_ENDS = ["35.191.0.0/16", "130.211.0.0/22"];

/** What a service needs: requests from pods of the cluster, from Google's load balancers where it is public; names; its model's bucket. */
export function serviceNetworkSpec(
    labels: Record<string, string>,
    needs: { readonly port: number; readonly public: boolean; readonly model: boolean },
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
        egress: needs.model ? [DNS, METADATA, HTTPS] : [DNS],
    };
}

/** What a run needs: its data, its checkpoints and its trackers over HTTPS, and its own pods. */
export function trainingNetworkSpec(labels: Record<string, string>): PolicySpec {
    const peers = [{ podSelector: { matchLabels: labels } }];
    return {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: peers }],
        egress: [DNS, METADATA, HTTPS, { to: peers }],
    };
}

/** What TensorBoard needs: its readers in the cluster, and the bucket with the logs. */
export function tensorboardNetworkSpec(labels: Record<string, string>, port: number): PolicySpec {
    return {
        podSelector: { matchLabels: labels },
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port }] }],
        egress: [DNS, METADATA, HTTPS],
    };
}
