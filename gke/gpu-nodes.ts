// Resource, labels and taints that GKE sets on GPU nodes. Node pools declare it, and pods select, tolerate and request it.

/** The extended resource of a node's GPUs, which containers request. https://cloud.google.com/kubernetes-engine/docs/how-to/gpus */
export const GPU_RESOURCE = "nvidia.com/gpu";

/**
 * GKE's taint of GPU nodes. GKE adds it to a GPU pool only if the cluster has a pool without GPUs at that time.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/gpus#create
 */
export const GPU_TAINT = { key: GPU_RESOURCE, value: "present", effect: "NoSchedule" } as const;

/** GKE's label of GPU nodes, with the type of the accelerator as its value, such as `nvidia-l4`. */
export const ACCELERATOR_LABEL = "cloud.google.com/gke-accelerator";

/** Label and taint of pools that a compute class may use. https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes */
export const COMPUTE_CLASS = "cloud.google.com/compute-class";
