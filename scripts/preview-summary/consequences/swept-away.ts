import type { Change } from "../engine/change";
import { shown } from "../engine/values";
import { isRemoval } from "../wording";

/** The resources of a preview that are deleted with their namespace or cluster, even if Pulumi itself would keep them. */
export function sweptAway(changes: readonly Change[]): (change: Change) => boolean {
    const removed = changes.filter(isRemoval);
    const cluster = removed.some(({ type }) => type === "gcp:container/cluster:Cluster");
    const namespaces = removed
        .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
        .map(({ old }) => shown(old?.inputs, "metadata", "name"));
    return ({ type, old }) =>
        type.startsWith("kubernetes:") && (cluster || namespaces.includes(shown(old?.inputs, "metadata", "namespace") ?? ""));
}
