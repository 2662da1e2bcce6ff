import * as gcp from "@pulumi/gcp";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { clusterSettings } from "./cluster-settings";
import type { ClusterConfig } from "./config";
import type { PoolConfig } from "./pools/config";
import { kubeconfig } from "../workloads/kubeconfig";
import { accountId, computeClassOf, nodePoolName } from "../project/names";
import { gpuPoolArgs, systemPoolArgs, type PoolOwner } from "./pools/node-pools";
import { poolSuffix, usesComputeClass } from "../workloads/placement/pool-sources";
import { Refusal } from "../config/refusal";

export interface GpuClusterArgs {
    readonly project: string;
    /** Name, location, pools and everything else that the stack file says. */
    readonly cluster: ClusterConfig;
    /** Where a new cluster is made. @default none: the cluster exists already */
    readonly network?: ClusterNetwork | undefined;
    /** Repository that the nodes pull from. @default none: images are public or from elsewhere */
    readonly images?: NodeImages | undefined;
}

/** A repository that nodes pull from. */
export interface NodeImages {
    /** Its full name. */
    readonly id: pulumi.Input<string>;
    readonly location: pulumi.Input<string>;
}

/** The network of a new cluster. */
export interface ClusterNetwork {
    /** Self link of the network. */
    readonly network: pulumi.Input<string>;
    /** Self link of the subnet with the secondary ranges. */
    readonly subnetwork: pulumi.Input<string>;
    /** What nodes need to reach the internet; they are created after it. @default none: the subnet is known only once it is there */
    readonly nat?: pulumi.Resource | undefined;
}

/** A cluster with one small pool for the system and any number of GPU pools, each from zero nodes, and the way in for Kubernetes resources. */
export class GpuCluster extends pulumi.ComponentResource {
    readonly name: pulumi.Output<string>;
    /** Holds no secret. */
    readonly kubeconfig: pulumi.Output<string>;
    /** Provider of everything inside the cluster; depends on the pools, so that pods go before their nodes do. */
    readonly provider: kubernetes.Provider;
    /** Account of the nodes. */
    readonly nodeAccount: gcp.serviceaccount.Account;

    constructor(name: string, args: GpuClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:GpuCluster", name, {}, opts);
        this.nodeAccount = this.account(name, args.cluster);
        const grants = this.grants(name, args);
        const access = args.network === undefined ? this.existingCluster(args) : this.newCluster(name, args, args.network, grants);
        const systemPool = args.network === undefined ? [] : [this.systemPool(name, args.cluster, access)];
        const gpuPools = args.cluster.pools.map((pool) => this.gpuPools(name, args.cluster, pool, access, [...grants, ...systemPool]));
        this.name = access.name;
        this.kubeconfig = pulumi
            .all([access.name, access.endpoint, access.caCertificate])
            .apply(([context, endpoint, caCertificate]) => kubeconfig({ name: context, endpoint, caCertificate }));
        this.provider = new kubernetes.Provider(
            `${name}-kubernetes`,
            // A renewed certificate or address changes the kubeconfig, and by itself would replace everything in the cluster.
            { kubeconfig: this.kubeconfig, clusterIdentifier: access.id },
            { parent: this, dependsOn: [...systemPool, ...gpuPools.flat()] },
        );
        args.cluster.pools.forEach((pool, index) => {
            this.computeClass(name, classOf(args.cluster, pool), pool, gpuPools[index] ?? []);
        });
        this.registerOutputs({ name: this.name, kubeconfig: this.kubeconfig });
    }

    private account(name: string, cluster: ClusterConfig): gcp.serviceaccount.Account {
        return new gcp.serviceaccount.Account(
            `${name}-nodes`,
            {
                accountId: accountId("nodes", `${cluster.name}-nodes`, pulumi.getStack()),
                displayName: `Nodes of the cluster ${cluster.name}`,
            },
            { parent: this, protect: false },
        );
    }

    /** Logs, metrics, and pulling and streaming images: what a node needs, and nothing of what its pods do. */
    private grants(name: string, { project, images }: GpuClusterArgs): pulumi.Resource[] {
        const options = { parent: this, protect: false };
        const member = this.nodeAccount.member;
        const inProject = (suffix: string, role: string) =>
            new gcp.projects.IAMMember(`${name}-${suffix}`, { project, role, member }, options);
        const grants = [
            inProject("nodes-role", "roles/container.defaultNodeServiceAccount"),
            // Image streaming asks for serviceusage.services.use. https://cloud.google.com/kubernetes-engine/docs/how-to/image-streaming
            inProject("nodes-services", "roles/serviceusage.serviceUsageConsumer"),
        ];
        if (images === undefined) {
            return grants;
        }
        const pull = { repository: images.id, location: images.location, role: "roles/artifactregistry.reader", member };
        return [...grants, new gcp.artifactregistry.RepositoryIamMember(`${name}-nodes-pull`, pull, options)];
    }

    private newCluster(
        name: string,
        args: GpuClusterArgs,
        { network, subnetwork, nat }: ClusterNetwork,
        grants: pulumi.Resource[],
    ): ClusterHandle {
        const cluster = new gcp.container.Cluster(
            name,
            {
                ...clusterSettings(args.cluster, args.project),
                network,
                subnetwork,
                // Only for the first minutes, until the default pool is gone; without it that pool needs the project's default account.
                nodeConfig: { serviceAccount: this.nodeAccount.email },
            },
            {
                parent: this,
                // The provider refuses to delete such a cluster too, but only after everything in it was deleted. The engine refuses at the preview.
                ...(args.cluster.deletionProtection ? { protect: true } : {}),
                dependsOn: nat === undefined ? grants : [nat, ...grants],
                ignoreChanges: ["nodeConfig", "initialNodeCount"],
            },
        );
        const { id, name: given, endpoint, masterAuth, controlPlaneEndpointsConfig } = cluster;
        return args.cluster.endpoint === "dns"
            ? { id, name: given, endpoint: controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint, caCertificate: undefined }
            : { id, name: given, endpoint, caCertificate: masterAuth.clusterCaCertificate };
    }

    private existingCluster({ cluster, project }: GpuClusterArgs): ClusterHandle {
        const found = gcp.container.getClusterOutput({ name: cluster.name, location: cluster.location, project }, { parent: this });
        const { id, name } = found;
        return cluster.endpoint === "dns"
            ? { id, name, endpoint: found.controlPlaneEndpointsConfigs.apply(dnsNameOf), caCertificate: undefined }
            : { id, name, endpoint: found.endpoint, caCertificate: found.masterAuths.apply(([auth]) => auth?.clusterCaCertificate) };
    }

    private systemPool(name: string, cluster: ClusterConfig, access: ClusterHandle): gcp.container.NodePool {
        return this.nodePool(`${name}-system`, cluster, access, systemPoolArgs(cluster.systemPool, this.owner()), []);
    }

    private owner(): PoolOwner {
        return { serviceAccount: this.nodeAccount.email, stack: pulumi.getStack() };
    }

    /** One node pool for each source of capacity, in the order of preference. */
    private gpuPools(
        name: string,
        cluster: ClusterConfig,
        pool: PoolConfig,
        access: ClusterHandle,
        before: pulumi.Resource[],
    ): gcp.container.NodePool[] {
        return pool.capacity.map((capacity) =>
            this.nodePool(
                nodePoolName(`${name}-${poolSuffix(pool, capacity)}`),
                cluster,
                access,
                gpuPoolArgs(pool, capacity, this.owner(), classOf(cluster, pool)),
                before,
            ),
        );
    }

    /** The name is generated: a pool that must be replaced gets its successor first, and its pods move there. */
    private nodePool(
        name: string,
        cluster: ClusterConfig,
        access: ClusterHandle,
        args: Omit<gcp.container.NodePoolArgs, "cluster" | "location">,
        dependsOn: pulumi.Resource[],
    ): gcp.container.NodePool {
        return new gcp.container.NodePool(
            name,
            { ...args, cluster: access.name, location: cluster.location },
            // The autoscaler owns the number of nodes; the initial one would replace the pool.
            { parent: this, dependsOn, protect: false, ignoreChanges: ["nodeCount", "initialNodeCount"] },
        );
    }

    /** The order in which GKE tries a pool's sources of capacity, where there are several. */
    private computeClass(
        name: string,
        computeClass: string | undefined,
        pool: PoolConfig,
        nodePools: readonly gcp.container.NodePool[],
    ): void {
        if (computeClass === undefined) {
            return;
        }
        new kubernetes.apiextensions.CustomResource(
            `${name}-${pool.name}-class`,
            {
                apiVersion: "cloud.google.com/v1",
                kind: "ComputeClass",
                metadata: { name: computeClass },
                spec: { priorities: nodePools.map((nodePool) => ({ nodepools: [nodePool.name] })), whenUnsatisfiable: "DoNotScaleUp" },
            },
            { parent: this, provider: this.provider, protect: false },
        );
    }
}

/** Name of the pool's compute class; undefined where it has one source of capacity. */
const classOf = (cluster: ClusterConfig, pool: PoolConfig): string | undefined =>
    usesComputeClass(pool) ? computeClassOf(pool.name, pulumi.getStack(), cluster.existing) : undefined;

/** @throws Refusal where a cluster that exists has no DNS name. */
function dnsNameOf(endpoints: gcp.types.output.container.GetClusterControlPlaneEndpointsConfig[]): string {
    const name = endpoints[0]?.dnsEndpointConfigs[0]?.endpoint;
    if (name === undefined || name === "") {
        throw new Refusal("the existing cluster has no DNS-based endpoint: turn it on, or set ml-platform:cluster.endpoint to ip");
    }
    return name;
}

/** A cluster, new or found. */
interface ClusterHandle {
    readonly id: pulumi.Output<string>;
    readonly name: pulumi.Output<string>;
    readonly endpoint: pulumi.Output<string>;
    readonly caCertificate: pulumi.Output<string | undefined> | undefined;
}
