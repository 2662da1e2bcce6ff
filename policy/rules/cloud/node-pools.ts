import { GPU_TAINT } from "../../../gke/gpu-nodes";
import { typeRule, type Inputs } from "../../inputs";
import type { Finding } from "../../rule";

type NodePool = Inputs<"gcp:container/nodePool:NodePool">;

const DEFAULT_ACCOUNT = /^default$|-compute@developer\.gserviceaccount\.com$/;

export function ownNodeAccount({ nodeConfig }: NodePool): Finding {
    const account = nodeConfig?.serviceAccount;
    return account === undefined || DEFAULT_ACCOUNT.test(account)
        ? "Nodes run as the project's default account, which may edit the project."
        : undefined;
}

export function gpuTaint({ nodeConfig }: NodePool): Finding {
    if ((nodeConfig?.guestAccelerators ?? []).length === 0) {
        return undefined;
    }
    const tainted = (nodeConfig?.taints ?? []).some(({ key, effect }) => key === GPU_TAINT.key && effect === "NO_SCHEDULE");
    return tainted ? undefined : `Pods without a GPU may fill the GPU nodes: the pool declares no taint ${GPU_TAINT.key}.`;
}

export function metadata({ nodeConfig }: NodePool): Finding {
    if (nodeConfig?.workloadMetadataConfig?.mode !== "GKE_METADATA") {
        return "Pods can read the node's metadata, and with it the token of the node's account.";
    }
    return nodeConfig.metadata?.["disable-legacy-endpoints"] === "true" ? undefined : "The legacy metadata endpoints are not disabled.";
}

export function privatePool({ networkConfig }: NodePool): Finding {
    return networkConfig?.enablePrivateNodes === false ? "The pool's nodes get addresses on the internet." : undefined;
}

export function autoscalingRange({ autoscaling }: NodePool): Finding {
    const ranges = [
        [autoscaling?.minNodeCount, autoscaling?.maxNodeCount],
        [autoscaling?.totalMinNodeCount, autoscaling?.totalMaxNodeCount],
    ] as const;
    const wrong = ranges.find(([min, max]) => max !== undefined && (min ?? 0) > max);
    return wrong === undefined ? undefined : `The autoscaler's minimum ${wrong[0] ?? 0} is above its maximum ${wrong[1] ?? 0}.`;
}

export function noFixedCount({ autoscaling, nodeCount }: NodePool): Finding {
    return autoscaling !== undefined && nodeCount !== undefined
        ? "Each update resets the autoscaler's number of nodes to nodeCount."
        : undefined;
}

export const nodePoolPolicies = [
    typeRule("gcp:container/nodePool:NodePool", {
        name: "node-service-account",
        description: "Nodes run as a dedicated service account.",
        remedy: "Set nodeConfig.serviceAccount to an account with the role container.defaultNodeServiceAccount.",
        check: ownNodeAccount,
    }),
    typeRule("gcp:container/nodePool:NodePool", {
        name: "gpu-pool-taint",
        description: "GPU pools declare the taint that keeps other pods off their nodes.",
        remedy: `Declare the taint ${GPU_TAINT.key}=${GPU_TAINT.value}:NO_SCHEDULE; one that GKE adds by itself shows as drift.`,
        check: gpuTaint,
    }),
    typeRule("gcp:container/nodePool:NodePool", {
        name: "node-metadata",
        description: "Pods reach GKE's metadata server, and neither the node's nor the legacy one.",
        remedy: 'Set workloadMetadataConfig.mode: GKE_METADATA and metadata["disable-legacy-endpoints"]: "true".',
        check: metadata,
    }),
    typeRule("gcp:container/nodePool:NodePool", {
        name: "private-node-pool",
        description: "No pool opts out of private nodes.",
        remedy: "Leave out networkConfig.enablePrivateNodes: false.",
        check: privatePool,
    }),
    typeRule("gcp:container/nodePool:NodePool", {
        name: "autoscaling-range",
        description: "An autoscaler's minimum is at most its maximum.",
        remedy: "Raise the maximum, or lower the minimum.",
        check: autoscalingRange,
    }),
    typeRule("gcp:container/nodePool:NodePool", {
        name: "autoscaling-without-count",
        description: "A pool with autoscaling has no fixed number of nodes.",
        remedy: "Leave out nodeCount; initialNodeCount sets how many nodes the pool starts with.",
        check: noFixedCount,
    }),
];
