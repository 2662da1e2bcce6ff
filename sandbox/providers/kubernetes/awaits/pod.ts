import type { Pod } from "../../../kube/objects";
import { isPodReady, podTrouble } from "./pod-trouble";
import { failed, ready, waiting, type Readiness } from "./readiness";

/** A Pod is ready when its containers are ready or have succeeded. */
export const podReadiness: Readiness = {
    timeoutSeconds: 600,
    related: ["events"],
    verdict: (object, related) => {
        const pod = object as Pod;
        if (isPodReady(pod)) {
            return ready;
        }
        const trouble = podTrouble(pod, related.events ?? []);
        const message = trouble?.message ?? `pod ${pod.metadata.name}: not ready`;
        if (pod.status?.phase === "Failed" || trouble?.permanent === true) {
            return failed(message, trouble?.witness);
        }
        return waiting(message, trouble?.witness);
    },
};
