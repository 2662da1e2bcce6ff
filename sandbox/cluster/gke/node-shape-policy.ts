import type { NodePool } from "./node-pool";
import { shapeOf } from "./node-shape";

/** The two objects that make a pool's nodes report the pool's machine type. */
export interface NodeShapePolicy {
    readonly name: string;
    readonly policy: object;
    readonly binding: object;
}

const KIND = { apiVersion: "admissionregistration.k8s.io/v1" };

/**
 * A kubelet reports the capacity of its machine every ten seconds. This admission policy replaces CPU, memory, disk and GPUs in the report
 * with the values of a GKE node of the pool, so the scheduler and the kubelet decide as they do on GKE.
 */
export function nodeShapePolicy(pool: NodePool): NodeShapePolicy {
    const name = policyName(pool.name);
    const { capacity, allocatable } = shapeOf(pool);
    const patches = Object.entries({ capacity, allocatable }).flatMap(([field, quantities]) =>
        Object.entries(quantities).map(([resource, quantity]) => patch(`/status/${field}/${resource.replaceAll("/", "~1")}`, quantity)),
    );
    return {
        name,
        policy: {
            ...KIND,
            kind: "MutatingAdmissionPolicy",
            metadata: { name },
            spec: {
                matchConstraints: {
                    resourceRules: [
                        { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["nodes", "nodes/status"] },
                    ],
                },
                matchConditions: [
                    {
                        name: "pool",
                        expression: `object.metadata.?labels["cloud.google.com/gke-nodepool"].orValue("") == ${JSON.stringify(pool.name)}`,
                    },
                    { name: "report", expression: "has(object.status.capacity) && has(object.status.allocatable)" },
                ],
                mutations: [{ patchType: "JSONPatch", jsonPatch: { expression: `[${patches.join(", ")}]` } }],
                failurePolicy: "Fail",
                reinvocationPolicy: "Never",
            },
        },
        binding: { ...KIND, kind: "MutatingAdmissionPolicyBinding", metadata: { name }, spec: { policyName: name } },
    };
}

/** Name of the policy for a pool. */
export function policyName(pool: string): string {
    return `sandbox-node-shape-${pool}`;
}

function patch(path: string, value: string): string {
    return `JSONPatch{op: "add", path: ${JSON.stringify(path)}, value: ${JSON.stringify(value)}}`;
}
