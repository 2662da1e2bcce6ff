import * as pulumi from "@pulumi/pulumi";
import { RUN_LABEL } from "../../k8s/training";
import type { ClusterConfig } from "../cluster/config";
import { newBuckets } from "../config/fields";
import { ClusterLookup, type Found } from "../workloads/cluster-lookup";
import type { Workload } from "../workloads/placement/workload";
import { sectionNamespaces } from "../config/stack";
import { refuseOthers } from "../workloads/workload-namespace";
import { storagesOf, type TrainingConfig } from "./config";
import { existingBuckets } from "./kept-bucket";
import { refuseSmallerClaims, reportKeptClaims } from "./kept-claims";
import { refuseSecond, refuseStranded } from "./kept-runs";
import { reportWaiting } from "./waiting-runs";

/** Objects from earlier updates, for the components that import them. */
export interface KeptObjects {
    /** The existing namespaces of the stack file. */
    readonly namespaces: readonly Found[];
    /** Jobs of runs, in every namespace. */
    readonly jobs: readonly Found[];
    /** Claims, in every namespace. */
    readonly claims: readonly Found[];
    /** Services in the namespace of the runs. */
    readonly services: readonly Found[];
    /** Names of the buckets that the stack creates and that exist already. */
    readonly buckets: readonly string[];
}

/** The sections that the look-up reads: those with a namespace, the runs, and the cluster. */
interface Sections {
    readonly cluster?: ClusterConfig | undefined;
    readonly training?: TrainingConfig | undefined;
    /** All workloads on the pools of the cluster. */
    readonly workloads?: readonly Workload[] | undefined;
}

const NOTHING: KeptObjects = { namespaces: [], jobs: [], claims: [], services: [], buckets: [] };

/**
 * Looks up the objects that earlier updates kept, before workloads are registered, so that a refused change does not affect them.
 * Without an engine, nothing was deployed, so there is no look-up.
 * @param kubeconfig of the stack's cluster; undefined if the stack has none
 * @throws Refusal if the stack would take over objects of another stack, or lose a run or its data
 */
export async function keptObjects(kubeconfig: pulumi.Output<string> | undefined, sections: Sections): Promise<KeptObjects> {
    if (kubeconfig === undefined || !pulumi.runtime.hasEngine()) {
        return NOTHING;
    }
    const { training } = sections;
    const kept = await lookUp(new ClusterLookup(kubeconfig), sections);
    for (const [, namespace] of sectionNamespaces(sections)) {
        refuseOthers(namespace, kept.namespaces);
    }
    refuseSecond(training, kept.jobs);
    refuseStranded(training, kept.jobs);
    refuseSmallerClaims(training, kept.claims);
    await reportKeptClaims(training, kept.claims);
    await reportWaiting(sections, kept.jobs);
    return kept;
}

/**
 * Reads the objects of the sections from the cluster and from Cloud Storage, and the runs and claims that the sections no longer name.
 * @param cluster the stack's cluster
 */
export async function lookUp(cluster: Pick<ClusterLookup, "list">, sections: Sections): Promise<KeptObjects> {
    const { training } = sections;
    const names = sectionNamespaces(sections).map(([, namespace]) => namespace);
    const [namespaces, jobs, claims, services, buckets] = await Promise.all([
        // Kubernetes refuses a selector with an empty set.
        names.length === 0 ? [] : cluster.list("/api/v1/namespaces", `kubernetes.io/metadata.name in (${names.join(",")})`),
        cluster.list("/apis/batch/v1/jobs", RUN_LABEL),
        cluster.list("/api/v1/persistentvolumeclaims"),
        training === undefined ? [] : cluster.list(`/api/v1/namespaces/${training.namespace}/services`),
        existingBuckets(newBuckets(storagesOf(training))),
    ]);
    return { namespaces, jobs, claims, services, buckets };
}
