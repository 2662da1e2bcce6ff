import { condition, type Condition, type KubeObject } from "../../../kube/objects";
import { worstTrouble } from "./pod-trouble";
import { failed, ownedBy, podsOf, ready, waiting, type Readiness, type Related, type Verdict } from "./readiness";

interface Deployment extends KubeObject {
    readonly spec?: { readonly replicas?: number; readonly paused?: boolean };
    readonly status?: {
        readonly observedGeneration?: number;
        readonly replicas?: number;
        readonly updatedReplicas?: number;
        readonly conditions?: readonly Condition[];
    };
}

interface ReplicaSet extends KubeObject {
    readonly status?: { readonly availableReplicas?: number };
}

const REVISION = "deployment.kubernetes.io/revision";

/**
 * A Deployment is ready when all pods of the current revision are available and the old ones are gone. A paused Deployment is not awaited.
 */
export const deploymentReadiness: Readiness = {
    timeoutSeconds: 600,
    related: ["replicaSets", "pods", "events"],
    verdict: (object, related) => deploymentVerdict(object, related),
};

function deploymentVerdict(deployment: Deployment, related: Related): Verdict {
    const { metadata, spec, status } = deployment;
    if (spec?.paused === true) {
        return ready;
    }
    if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
        return waiting("[1/2] waiting for the controller to see the change");
    }

    const replicaSet = newestReplicaSet(deployment, related.replicaSets ?? []);
    const pods = replicaSet === undefined ? [] : podsOf(replicaSet, related);
    const trouble = worstTrouble(pods, related.events ?? []);
    const because = trouble === undefined ? "" : `: ${trouble.message}`;

    const refused = condition(status?.conditions, "ReplicaFailure");
    if (refused?.status === "True" && (refused.message ?? "").includes("violates PodSecurity")) {
        return failed(`the pods are refused: ${refused.message ?? ""}`);
    }
    const progress = condition(status?.conditions, "Progressing");
    if (progress?.reason === "ProgressDeadlineExceeded") {
        return failed(`the rollout exceeded its progress deadline${because}`, trouble?.witness);
    }
    if (trouble?.permanent === true) {
        return failed(trouble.message, trouble.witness);
    }

    const wanted = spec?.replicas ?? 1;
    const available = replicaSet?.status?.availableReplicas ?? 0;
    if ((status?.updatedReplicas ?? 0) < wanted || available < wanted) {
        const reason = because === "" && refused?.status === "True" ? `: ${refused.message ?? ""}` : because;
        return waiting(`[1/2] waiting for rollout: ${available} of ${wanted} replicas available${reason}`, trouble?.witness);
    }
    const earlier = (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
    return earlier > 0 ? waiting(`[2/2] waiting for ${earlier} earlier replicas to end`) : ready;
}

/** Returns the ReplicaSet of the Deployment's current revision. */
function newestReplicaSet(deployment: Deployment, replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined {
    const current = deployment.metadata.annotations?.[REVISION];
    return ownedBy(deployment, replicaSets).find((candidate) => candidate.metadata.annotations?.[REVISION] === current);
}
