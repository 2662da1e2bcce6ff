import { claimReadiness } from "./claim";
import { definitionReadiness } from "./definition";
import { deploymentReadiness } from "./deployment";
import { jobReadiness } from "./job";
import { podReadiness } from "./pod";
import type { Readiness } from "./readiness";
import { serviceReadiness } from "./service";
import { daemonSetReadiness, statefulSetReadiness } from "./sets";

const awaited: Readonly<Record<string, Readiness>> = {
    "/PersistentVolumeClaim": claimReadiness,
    "/Pod": podReadiness,
    "/Service": serviceReadiness,
    "apiextensions.k8s.io/CustomResourceDefinition": definitionReadiness,
    "apps/DaemonSet": daemonSetReadiness,
    "apps/Deployment": deploymentReadiness,
    "apps/StatefulSet": statefulSetReadiness,
    "batch/Job": jobReadiness,
};

/** What objects of this kind are waited for; undefined: they are ready once they exist. */
export function readinessOf(group: string, kind: string): Readiness | undefined {
    return awaited[`${group}/${kind}`];
}
