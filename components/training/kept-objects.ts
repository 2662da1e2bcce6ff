import * as pulumi from "@pulumi/pulumi";
import { RUN_LABEL } from "../../k8s/training";
import type { InferenceConfig } from "../inference/config";
import { newBuckets } from "../config/fields";
import { ClusterLookup, type Found } from "../workloads/cluster-lookup";
import { refuseOthers } from "../workloads/workload-namespace";
import type { TrainingConfig } from "./config";
import { existingBuckets } from "./kept-bucket";
import { refuseSmallerClaims, reportKeptClaims } from "./kept-claims";
import { refuseSecond, refuseStranded } from "./kept-runs";

/** What earlier updates kept, for the components that take it over. */
export interface KeptObjects {
    /** The namespaces that the stack file names, where they exist. */
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

/** The sections that name what is kept. */
interface Sections {
    readonly inference?: InferenceConfig | undefined;
    readonly training?: TrainingConfig | undefined;
}

const NOTHING: KeptObjects = { namespaces: [], jobs: [], claims: [], services: [], buckets: [] };

/**
 * Looks up what earlier updates kept. The look-up comes before the workloads are registered, so a refused change touches none of them.
 * Without an engine nothing was deployed, and nothing is asked.
 * @param kubeconfig of the stack's cluster; undefined where the stack has none
 * @throws Refusal where the stack file would take over what belongs to another stack, or would lose a run or its data
 */
export async function keptObjects(kubeconfig: pulumi.Output<string> | undefined, sections: Sections): Promise<KeptObjects> {
    if (kubeconfig === undefined || !pulumi.runtime.hasEngine()) {
        return NOTHING;
    }
    const { inference, training } = sections;
    const kept = await lookUp(new ClusterLookup(kubeconfig), sections);
    for (const section of [inference, training]) {
        if (section !== undefined) {
            refuseOthers(section.namespace, kept.namespaces);
        }
    }
    refuseSecond(training, kept.jobs);
    refuseStranded(training, kept.jobs);
    refuseSmallerClaims(training, kept.claims);
    await reportKeptClaims(training, kept.claims);
    return kept;
}

/**
 * Asks the cluster and Cloud Storage for what the sections name, and for the runs and claims that they no longer name.
 * @param cluster the stack's cluster
 */
export async function lookUp(cluster: Pick<ClusterLookup, "list">, { inference, training }: Sections): Promise<KeptObjects> {
    const names = [inference?.namespace, training?.namespace].filter((name) => name !== undefined);
    const [namespaces, jobs, claims, services, buckets] = await Promise.all([
        // Kubernetes refuses a selector with an empty set.
        names.length === 0 ? [] : cluster.list("/api/v1/namespaces", `kubernetes.io/metadata.name in (${names.join(",")})`),
        cluster.list("/apis/batch/v1/jobs", RUN_LABEL),
        cluster.list("/api/v1/persistentvolumeclaims"),
        training === undefined ? [] : cluster.list(`/api/v1/namespaces/${training.namespace}/services`),
        existingBuckets(newBuckets([training?.checkpoints, training?.data])),
    ]);
    return { namespaces, jobs, claims, services, buckets };
}
