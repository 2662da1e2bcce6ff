import type { KubeApi } from "../../kube/api";
import type { Condition, KubeObject, Pod } from "../../kube/objects";
import { PROVISIONING_REQUEST, type ScaleUp } from "./scale-up";

/** API path of provisioning requests. https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest */
export const PROVISIONING_API = "/apis/autoscaling.x-k8s.io/v1";

/** Provisioning class of flex-start with queued provisioning. */
const QUEUED_CLASS = "queued-provisioning.gke.io";

/** A request for the nodes of a whole run. */
export interface ProvisioningRequest extends KubeObject {
    readonly spec: {
        readonly provisioningClassName: string;
        readonly podSets: readonly { readonly podTemplateRef: { readonly name: string }; readonly count: number }[];
    };
    readonly status?: { readonly conditions?: readonly Condition[] };
}

/** Whether the request is still pending. */
export function isOpen({ metadata, spec, status }: ProvisioningRequest): boolean {
    const ended = (status?.conditions ?? []).some(({ type, status }) => (type === "Provisioned" || type === "Failed") && status === "True");
    return metadata.deletionTimestamp === undefined && spec.provisioningClassName === QUEUED_CLASS && !ended;
}

/** Returns the pods that the request describes. */
export async function podsOf(api: KubeApi, { metadata, spec }: ProvisioningRequest): Promise<readonly Pod[]> {
    const { name, namespace = "", uid = "" } = metadata;
    const sets = spec.podSets.map(async ({ podTemplateRef, count }) => {
        const { template } = await api.get<{ readonly template: Pick<Pod, "metadata" | "spec"> }>(
            `/api/v1/namespaces/${namespace}/podtemplates/${podTemplateRef.name}`,
        );
        return Array.from({ length: count }, (_, index): Pod => {
            const annotations = { ...template.metadata.annotations, [PROVISIONING_REQUEST]: name };
            const identity = { name: `${podTemplateRef.name}-${index}`, namespace, uid: `${uid}-${podTemplateRef.name}-${index}` };
            return { spec: template.spec, metadata: { ...template.metadata, ...identity, annotations } };
        });
    });
    return (await Promise.all(sets)).flat();
}

/** Checks whether all pods of a request fit existing nodes or nodes that can be added. Returns the reason if not. */
export function verdictOn({ refusals }: ScaleUp): { readonly fits: true } | { readonly fits: false; readonly reason: string } {
    const [refusal] = refusals;
    return refusal === undefined ? { fits: true } : { fits: false, reason: refusal.reason };
}

/**
 * Writes the conditions of a request: that it is accepted, and whether it is provisioned.
 * @param reason `Provisioned`, or why the request waits. https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest
 */
export async function answer(
    api: KubeApi,
    request: ProvisioningRequest,
    reason: "Provisioned" | "QuotaExceeded" | "ResourcePoolExhausted",
    message: string,
): Promise<void> {
    const { name, namespace = "" } = request.metadata;
    const conditions = [
        condition("Accepted", true, "Accepted", "Provisioning Request was accepted."),
        condition("Provisioned", reason === "Provisioned", reason, message),
    ];
    const now = request.status?.conditions ?? [];
    if (
        conditions.every(({ type, status, message }) =>
            now.some((one) => one.type === type && one.status === status && one.message === message),
        )
    ) {
        return;
    }
    const path = `${PROVISIONING_API}/namespaces/${namespace}/provisioningrequests/${name}/status`;
    await api.patch(path, "merge-patch", { status: { conditions } });
}

const condition = (type: string, holds: boolean, reason: string, message: string) => ({
    type,
    status: holds ? "True" : "False",
    reason,
    message,
    lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
});
