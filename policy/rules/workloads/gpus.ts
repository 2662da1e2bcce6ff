import { GPU_RESOURCE, GPU_TAINT } from "../../../gke/gpu-nodes";
import { containerRule, containersOf, gpusOf, podRule, type ContainerInPod, type Pod } from "../../pods";
import type { Finding } from "../../rule";

export function requestIsLimit({ container: { resources } }: ContainerInPod): Finding {
    const [request, limit] = [resources?.requests?.[GPU_RESOURCE], resources?.limits?.[GPU_RESOURCE]];
    if (request === undefined && limit === undefined) {
        return undefined;
    }
    // Kubernetes defaults the request to the limit, and rejects a request without a limit.
    return limit !== undefined && Number(request ?? limit) === Number(limit)
        ? undefined
        : `requests ${request ?? "no"} GPUs and has a limit of ${limit ?? "none"}.`;
}

export function onGpuNodes(pod: Pod): Finding {
    const asks = containersOf(pod).some(({ container }) => gpusOf(container) !== undefined);
    const tolerations = pod.tolerations ?? [];
    // Node agents tolerate every taint, which does not mean that they need GPU nodes.
    const everything = tolerations.some(({ key, operator }) => key === undefined && operator === "Exists");
    const tolerates = tolerations.some(({ key }) => key === GPU_TAINT.key);
    if (asks && !tolerates && !everything) {
        return `The pod requests a GPU, but does not tolerate the taint ${GPU_TAINT.key} of GPU nodes.`;
    }
    return tolerates && !asks ? `The pod requests no GPU, but tolerates ${GPU_TAINT.key}, so it can occupy a GPU node.` : undefined;
}

export const gpuPolicies = [
    containerRule({
        name: "gpu-request-equals-limit",
        description: "Containers that ask for GPUs have a limit that equals the request.",
        remedy: `Set ${GPU_RESOURCE} to the same number in requests and limits.`,
        check: requestIsLimit,
    }),
    podRule({
        name: "gpu-toleration",
        description: "Pods tolerate the GPU taint when, and only when, they ask for a GPU.",
        remedy: "Take toleration and request from one place (k8s/gpu.ts).",
        check: onGpuNodes,
    }),
];
