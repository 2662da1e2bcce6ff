import { typeRule, type Inputs } from "../../inputs";
import type { Finding, Resource } from "../../rule";

type Cluster = Inputs<"gcp:container/cluster:Cluster">;

export function privateNodes({ privateClusterConfig }: Cluster): Finding {
    return privateClusterConfig?.enablePrivateNodes === true ? undefined : "Nodes get addresses on the internet.";
}

export function authorizedNetworks({ masterAuthorizedNetworksConfig: networks }: Cluster): Finding {
    if (networks === undefined) {
        return "The control plane answers to the whole internet.";
    }
    const open = (networks.cidrBlocks ?? []).filter(({ cidrBlock }) => cidrBlock.endsWith("/0"));
    return open.length === 0 ? undefined : `The control plane answers ${open.map(({ cidrBlock }) => cidrBlock).join(", ")}.`;
}

export function workloadIdentity({ workloadIdentityConfig }: Cluster): Finding {
    return workloadIdentityConfig?.workloadPool === undefined ? "Pods can only use the identity of their node." : undefined;
}

export function shieldedNodes({ enableShieldedNodes }: Cluster): Finding {
    // GKE's default is on.
    return enableShieldedNodes === false ? "Nodes are not Shielded GKE Nodes." : undefined;
}

export function protectedCluster({ deletionProtection }: Cluster, { opts }: Resource): Finding {
    const missing = [
        ...(opts.protect ? [] : ["Pulumi's protect"]),
        // The provider's default is on.
        ...(deletionProtection === false ? ["deletionProtection"] : []),
    ];
    return missing.length === 0 ? undefined : `The cluster can be deleted by mistake: it has no ${missing.join(" and no ")}.`;
}

export const clusterPolicies = [
    typeRule("gcp:container/cluster:Cluster", {
        name: "private-nodes",
        description: "A cluster's nodes have no public address.",
        remedy: "Set privateClusterConfig.enablePrivateNodes: true, with Cloud NAT for what nodes fetch.",
        check: privateNodes,
    }),
    typeRule("gcp:container/cluster:Cluster", {
        name: "authorized-networks",
        description: "A cluster's control plane answers only to known networks.",
        remedy: "List the networks in masterAuthorizedNetworksConfig.",
        check: authorizedNetworks,
    }),
    typeRule("gcp:container/cluster:Cluster", {
        name: "workload-identity",
        description: "Pods act in Google Cloud under their own identity.",
        remedy: "Set workloadIdentityConfig.workloadPool to <project>.svc.id.goog.",
        check: workloadIdentity,
    }),
    typeRule("gcp:container/cluster:Cluster", {
        name: "shielded-nodes",
        description: "Nodes are Shielded GKE Nodes.",
        remedy: "Leave enableShieldedNodes on.",
        check: shieldedNodes,
    }),
];

export const productionClusterPolicies = [
    typeRule("gcp:container/cluster:Cluster", {
        name: "cluster-protected",
        description: "A production cluster cannot be deleted by mistake.",
        remedy: "Set protect: true on the resource, and deletionProtection: true.",
        check: protectedCluster,
    }),
];
