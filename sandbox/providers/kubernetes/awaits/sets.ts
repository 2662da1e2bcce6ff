import type { KubeObject } from "../../../kube/objects";
import { worstTrouble } from "./pod-trouble";
import { failed, podsOf, ready, waiting, type Readiness, type Related, type Verdict } from "./readiness";

interface StatefulSet extends KubeObject {
    readonly spec?: {
        readonly replicas?: number;
        readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
    };
    readonly status?: {
        readonly observedGeneration?: number;
        readonly readyReplicas?: number;
        readonly updatedReplicas?: number;
        readonly currentRevision?: string;
        readonly updateRevision?: string;
    };
}

interface DaemonSet extends KubeObject {
    readonly status?: {
        readonly observedGeneration?: number;
        readonly desiredNumberScheduled?: number;
        readonly updatedNumberScheduled?: number;
        readonly numberAvailable?: number;
    };
}

/** A StatefulSet is ready when all of its pods are ready and have the current revision. */
export const statefulSetReadiness: Readiness = {
    timeoutSeconds: 600,
    related: ["pods", "events"],
    verdict: (object, related) => {
        const { spec, status } = object as StatefulSet;
        const wanted = spec?.replicas ?? 1;
        const updated = Math.max(0, wanted - (spec?.updateStrategy?.rollingUpdate?.partition ?? 0));
        const readyPods = status?.readyReplicas ?? 0;
        const complete =
            readyPods >= wanted && ((status?.updatedReplicas ?? 0) >= updated || status?.currentRevision === status?.updateRevision);
        return rolloutVerdict(object, related, complete, `${readyPods} of ${wanted} replicas ready`);
    },
};

/** A DaemonSet is ready when every eligible node has an available pod of the current revision. */
export const daemonSetReadiness: Readiness = {
    timeoutSeconds: 600,
    related: ["pods", "events"],
    verdict: (object, related) => {
        const { status } = object as DaemonSet;
        const wanted = status?.desiredNumberScheduled ?? 0;
        const available = status?.numberAvailable ?? 0;
        const complete = available >= wanted && (status?.updatedNumberScheduled ?? 0) >= wanted;
        return rolloutVerdict(object, related, complete, `${available} of ${wanted} pods available`);
    },
};

function rolloutVerdict(object: StatefulSet | DaemonSet, related: Related, complete: boolean, progress: string): Verdict {
    if ((object.status?.observedGeneration ?? 0) < (object.metadata.generation ?? 0)) {
        return waiting("waiting for the controller to see the change");
    }
    if (complete) {
        return ready;
    }
    const trouble = worstTrouble(podsOf(object, related), related.events ?? []);
    if (trouble?.permanent === true) {
        return failed(trouble.message, trouble.witness);
    }
    return waiting(`waiting for rollout: ${progress}${trouble === undefined ? "" : `: ${trouble.message}`}`, trouble?.witness);
}
