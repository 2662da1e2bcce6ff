import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { acceleratorOf, isAccelerator } from "../gke/gpu-machines";
import { ACCELERATOR_LABEL, COMPUTE_CLASS, GPU_RESOURCE, GPU_TAINT } from "../gke/gpu-nodes";
import { POD_SECURITY } from "./pod-security";

type Toleration = types.input.core.v1.Toleration;

/**
 * Label that every node of a pool of this stack carries. GKE's own pool label holds the physical name, which changes when a pool is replaced
 * (the new one is created before the old one goes); this one holds the name in the stack file, so pods need not change with it.
 */
export const POOL_LABEL = "ml-platform/pool";

/** Label with the stack that a pool belongs to: stacks that share a cluster may give their pools the same names. */
export const STACK_LABEL = "ml-platform/stack";

/** Device of an image by its variant, passed to workloads as DEVICE. */
export const DEVICE = { cpu: "cpu", gpu: "cuda" } as const;

/** GPUs that a container requests, and their nodes. */
export interface GpuPlacement {
    /** Name of the pool in the stack file. */
    readonly pool: string;
    /** Accelerator type as GKE spells it, such as `nvidia-l4`. */
    readonly accelerator: string;
    /** GPUs (or shares of one) of each pod. At least 1. */
    readonly gpus: number;
    /** Compute class of a pool that falls back between sources of capacity. */
    readonly computeClass?: string | undefined;
    /** Label of the stack that owns the pool. @default any, for a pool name that is unique in the cluster */
    readonly stack?: string | undefined;
}

/** Labels of the nodes that the pod selects. */
export function nodeSelector({ pool, accelerator, computeClass, stack }: GpuPlacement): Record<string, string> {
    return {
        [POOL_LABEL]: pool,
        ...(stack === undefined ? {} : { [STACK_LABEL]: stack }),
        [ACCELERATOR_LABEL]: accelerator,
        ...(computeClass === undefined ? {} : { [COMPUTE_CLASS]: computeClass }),
    };
}

/**
 * Taint of Arm nodes. GKE adds it to repel images that are built for amd64 only, and an undeclared taint is drift, so the pool declares it.
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/prepare-arm-workloads-for-deployment#overview
 */
const ARM_TAINT = { key: "kubernetes.io/arch", value: "arm64" } as const;

/**
 * Taints of a GPU pool, all with the effect of the GPU taint. The pool declares the GPU taint too, because GKE does not add it to every pool, and an undeclared
 * taint is drift.
 */
export function poolTaints(accelerator: string, computeClass: string | undefined): { readonly key: string; readonly value: string }[] {
    const isArm = isAccelerator(accelerator) && acceleratorOf(accelerator).architecture === "arm64";
    return [
        { key: GPU_TAINT.key, value: GPU_TAINT.value },
        ...(isArm ? [ARM_TAINT] : []),
        ...(computeClass === undefined ? [] : [{ key: COMPUTE_CLASS, value: computeClass }]),
    ];
}

/** Tolerations of the pod: exactly the taints of the pool. */
export function tolerations({ accelerator, computeClass }: GpuPlacement): Toleration[] {
    return poolTaints(accelerator, computeClass).map(({ key, value }) => ({ key, operator: "Equal", value, effect: GPU_TAINT.effect }));
}

/**
 * The fields that every pod on GPU nodes has: its account, the Pod Security Standard, and its nodes. With Workload Identity, the credential comes from the metadata server, so
 * the pod gets no token of the API server.
 */
export function gpuPod(s: { readonly serviceAccount: Input<string>; readonly placement: GpuPlacement }) {
    return {
        serviceAccountName: s.serviceAccount,
        automountServiceAccountToken: false,
        securityContext: POD_SECURITY,
        nodeSelector: nodeSelector(s.placement),
        tolerations: tolerations(s.placement),
    };
}

/** Requests of a container in addition to GPUs. */
export interface ContainerSize {
    /** CPU request, such as `2` or `500m`. */
    readonly cpu: string;
    /** Memory request and limit, such as `4Gi`. */
    readonly memory: string;
    /** Ephemeral storage, request and limit, such as `1Gi`: `/tmp` and logs, on the node's disk. */
    readonly ephemeralStorage: string;
}

/** Requests and limits of a container. The CPU has no limit: throttling the process that feeds a GPU idles the GPU. */
export function resources({ cpu, memory, ephemeralStorage }: ContainerSize, gpus = 0): types.input.core.v1.ResourceRequirements {
    // Kubernetes refuses an extended resource with a request that differs from its limit. With an equal memory limit, the pod is not evicted for memory that it requested.
    const promised = { memory, "ephemeral-storage": ephemeralStorage };
    const limits = gpus === 0 ? promised : { ...promised, [GPU_RESOURCE]: String(gpus) };
    return { requests: { cpu, ...limits }, limits };
}
