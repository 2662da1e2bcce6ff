import type { types } from "@pulumi/kubernetes";

type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;

/** A destination that pods may reach over TCP: a host outside the cluster, a range of addresses, or pods of a namespace. */
export interface Destination {
    /** Host name; `*` as the first label matches any one label. */
    readonly host?: string | undefined;
    /** IPv4 range. */
    readonly cidr?: string | undefined;
    readonly namespace?: string | undefined;
    /** Labels of the pods in {@link namespace}. @default all its pods */
    readonly labels?: Readonly<Record<string, string>> | undefined;
    readonly ports: readonly number[];
}

/** Link-local addresses. They include the node's metadata server, which returns the node's credentials. */
export const LINK_LOCAL = "169.254.0.0/16";

const tcp = (ports: readonly number[]) => ports.map((port) => ({ protocol: "TCP", port }));

/** Rules of a NetworkPolicy for the ranges and namespaces among the destinations. NetworkPolicies have no host names: see {@link hostPolicySpec}. */
export function egressRules(destinations: readonly Destination[]): EgressRule[] {
    return destinations.flatMap(({ cidr, namespace, labels, ports }): EgressRule[] => {
        if (cidr !== undefined) {
            const except = contains(cidr, LINK_LOCAL) ? [LINK_LOCAL] : undefined;
            return [{ to: [{ ipBlock: { cidr, except } }], ports: tcp(ports) }];
        }
        if (namespace === undefined) {
            return [];
        }
        const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": namespace } };
        const podSelector = labels === undefined ? undefined : { matchLabels: { ...labels } };
        return [{ to: [{ namespaceSelector, podSelector }], ports: tcp(ports) }];
    });
}

/**
 * GKE's FQDNNetworkPolicy for the hosts among the destinations; undefined without hosts. It allows traffic in addition to the NetworkPolicies.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/fqdn-network-policies
 */
export function hostPolicySpec(labels: Record<string, string>, destinations: readonly Destination[]) {
    const egress = destinations.flatMap(({ host, ports }) =>
        host === undefined ? [] : [{ matches: [host.startsWith("*") ? { pattern: host } : { name: host }], ports: tcp(ports) }],
    );
    return egress.length === 0 ? undefined : { podSelector: { matchLabels: labels }, egress };
}

/** Whether one IPv4 range contains another. */
export function contains(range: string, other: string): boolean {
    const [[address, length], [otherAddress, otherLength]] = [parsed(range), parsed(other)];
    return length <= otherLength && network(address, length) === network(otherAddress, length);
}

/** The same range, named by its first address: `10.0.0.0/8` for `10.1.2.3/8`. */
export function canonical(range: string): string {
    const [address, length] = parsed(range);
    const first = network(address, length);
    return `${[24, 16, 8, 0].map((shift) => (first >>> shift) & 255).join(".")}/${length}`;
}

function parsed(range: string): readonly [address: number, length: number] {
    const [address = "", length = ""] = range.split("/");
    return [address.split(".").reduce((sum, byte) => ((sum << 8) | Number(byte)) >>> 0, 0), Number(length)];
}

const network = (address: number, length: number): number => (length === 0 ? 0 : (address & (-1 << (32 - length))) >>> 0);
