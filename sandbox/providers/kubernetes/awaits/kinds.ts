import { condition, type Condition, type KubeObject } from "../../../kube/objects";
import { claimReadiness } from "./claim";
import { deploymentReadiness } from "./deployment";
import { jobReadiness } from "./job";
import { podReadiness } from "./pod";
import { failed, ready, waiting, type Readiness } from "./readiness";
import { serviceReadiness } from "./service";
import { daemonSetReadiness, statefulSetReadiness } from "./sets";

interface Definition extends KubeObject {
    readonly status?: { readonly conditions?: readonly Condition[] };
}

/** A CustomResourceDefinition is ready when the API server serves its kind. */
export const definitionReadiness: Readiness = {
    timeoutSeconds: 60,
    related: [],
    verdict: (object) => {
        const conditions = (object as Definition).status?.conditions;
        if (condition(conditions, "Established")?.status === "True") {
            return ready;
        }
        const names = condition(conditions, "NamesAccepted");
        return names?.status === "False"
            ? failed(names.message ?? "its names are taken")
            : waiting("waiting for the API server to serve the kind");
    },
};

const AWAITED: Readonly<Record<string, Readiness>> = {
    "/PersistentVolumeClaim": claimReadiness,
    "/Pod": podReadiness,
    "/Service": serviceReadiness,
    "apiextensions.k8s.io/CustomResourceDefinition": definitionReadiness,
    "apps/DaemonSet": daemonSetReadiness,
    "apps/Deployment": deploymentReadiness,
    "apps/StatefulSet": statefulSetReadiness,
    "batch/Job": jobReadiness,
};

/** Returns the readiness rules of a kind; undefined if its objects are ready once they exist. */
export function readinessOf(group: string, kind: string): Readiness | undefined {
    return AWAITED[`${group}/${kind}`];
}
