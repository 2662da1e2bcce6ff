import type { KubeObject, PersistentVolumeClaim } from "../../../kube/objects";
import { lastEvent } from "./pod-trouble";
import { failed, ready, waiting, type Readiness, type Related, type Verdict } from "./readiness";

interface StorageClass extends KubeObject {
    readonly volumeBindingMode?: string;
}

/**
 * A PersistentVolumeClaim is ready when it is bound. A claim that is only bound with its first pod is not awaited, because that pod may be
 * created later.
 */
export const claimReadiness: Readiness = {
    timeoutSeconds: 300,
    related: ["storageClasses", "events"],
    verdict: (object, related) => claimVerdict(object as PersistentVolumeClaim, related),
};

function claimVerdict(claim: PersistentVolumeClaim, related: Related): Verdict {
    if (claim.status?.phase === "Bound") {
        return ready;
    }
    if (claim.status?.phase === "Lost") {
        return failed("the claim's volume no longer exists");
    }
    if (storageClass(claim, related.storageClasses ?? [])?.volumeBindingMode === "WaitForFirstConsumer") {
        return ready;
    }
    const event = lastEvent(claim, related.events ?? []);
    return waiting(`waiting for a volume${event === undefined ? "" : `: ${event}`}`);
}

function storageClass(claim: PersistentVolumeClaim, classes: readonly StorageClass[]): StorageClass | undefined {
    const name = claim.spec.storageClassName;
    if (name !== undefined) {
        return classes.find((candidate) => candidate.metadata.name === name);
    }
    return classes.find((candidate) => candidate.metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true");
}
