import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
    admissionCheckSpec,
    clusterQueueSpec,
    flavorSpec,
    KUEUE_API,
    localQueueSpec,
    PRIORITIES,
    provisioningConfigSpec,
    RUN_QUEUE,
} from "../../../k8s/queues";
import { computeClassOf, labelValue } from "../../project/names";
import { usesComputeClass } from "../../workloads/placement/pool-sources";
import type { Workload } from "../../workloads/placement/workload";
import type { ClusterConfig } from "../config";
import type { PoolConfig } from "../pools/config";
import { KUEUE_RELEASE } from "./kueue-chart";
import { poolQuotas } from "./pool-quotas";

export interface QueuesArgs {
    /** The cluster, with at least one pool. An existing cluster must have Kueue installed. */
    readonly cluster: ClusterConfig;
    /** All workloads of the stack on the pools. Those outside the queue reduce its quota. @default none */
    readonly workloads?: readonly Workload[] | undefined;
    /** The cluster resource, for `deletedWith`. @default none, for an existing cluster */
    readonly deletedWith?: pulumi.Resource | undefined;
}

/**
 * Kueue, a resource flavor for each pool, and a cluster queue with the capacity that services and workers leave free. Jobs of the queue start when the pools can run all their pods.
 *
 * Kueue refuses to delete a cluster queue with admitted runs, so queues can be removed only after these runs have ended.
 */
export class Queues extends pulumi.ComponentResource {
    /** Name of the cluster queue. */
    readonly clusterQueue: pulumi.Output<string>;
    private readonly options: pulumi.CustomResourceOptions;

    constructor(
        private readonly name: string,
        { cluster, workloads = [], deletedWith }: QueuesArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("ml-platform:index:Queues", name, {}, opts);
        this.options = { parent: this, ...(deletedWith === undefined ? {} : { deletedWith }) };
        const kueue = cluster.existing ? [] : this.kueue();
        const named = nameIn(cluster);
        const flavors = cluster.pools.map((pool) =>
            this.object(`flavor-${pool.name}`, "ResourceFlavor", named(pool.name), flavorSpec(nodesOf(pool, named)), kueue),
        );
        const quotas = poolQuotas(cluster, workloads, named);
        const check = named("flex-start");
        const checks = quotas.some(({ queued }) => queued) ? [this.provisioning(check, kueue)] : [];
        const queue = this.object("all-pools", "ClusterQueue", named(RUN_QUEUE), clusterQueueSpec(quotas, check), [...flavors, ...checks]);
        this.clusterQueue = queue.metadata.name;
        this.registerOutputs({ clusterQueue: this.clusterQueue });
    }

    /** The queue of a namespace of runs. */
    localQueue(name: string, namespace: pulumi.Input<string>): kubernetes.apiextensions.CustomResource {
        return new kubernetes.apiextensions.CustomResource(
            `${name}-queue`,
            {
                apiVersion: KUEUE_API,
                kind: "LocalQueue",
                metadata: { name: RUN_QUEUE, namespace },
                spec: this.clusterQueue.apply(localQueueSpec),
            },
            this.options,
        );
    }

    /** The controller with its definitions, and the priorities of the whole cluster. */
    private kueue(): pulumi.Resource[] {
        const release = new kubernetes.helm.v3.Release(`${this.name}-kueue`, KUEUE_RELEASE, this.options);
        const priorities = Object.entries(PRIORITIES).map(
            ([name, value]) =>
                new kubernetes.apiextensions.CustomResource(
                    `${this.name}-priority-${name}`,
                    { apiVersion: KUEUE_API, kind: "WorkloadPriorityClass", metadata: { name }, value },
                    { ...this.options, dependsOn: release },
                ),
        );
        return [release, ...priorities];
    }

    /** The check that requests all nodes of a run at once. */
    private provisioning(name: string, dependsOn: pulumi.Resource[]): pulumi.Resource {
        const config = this.object("flex-start-config", "ProvisioningRequestConfig", name, provisioningConfigSpec(), dependsOn);
        return this.object("flex-start", "AdmissionCheck", name, admissionCheckSpec(name), [config]);
    }

    private object(
        suffix: string,
        kind: string,
        name: string,
        spec: object,
        dependsOn: pulumi.Resource[],
    ): kubernetes.apiextensions.CustomResource {
        return new kubernetes.apiextensions.CustomResource(
            `${this.name}-${suffix}`,
            { apiVersion: KUEUE_API, kind, metadata: { name }, spec },
            { ...this.options, dependsOn },
        );
    }
}

/** Names of cluster-scoped objects. A cluster of another stack has that stack's objects too. */
const nameIn =
    ({ existing }: ClusterConfig) =>
    (name: string): string =>
        computeClassOf(name, pulumi.getStack(), existing);

/** The nodes of a pool, by the labels that runs select. */
const nodesOf = (pool: PoolConfig, classOf: (pool: string) => string) => ({
    pool: pool.name,
    accelerator: pool.accelerator,
    computeClass: usesComputeClass(pool) ? classOf(pool.name) : undefined,
    stack: labelValue("stack", pulumi.getStack()),
});
