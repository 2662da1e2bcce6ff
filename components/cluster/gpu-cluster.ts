import * as gcp from "@pulumi/gcp";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { clusterSettings } from "./cluster-settings";
import type { ClusterConfig } from "./config";
import { dnsNameOf, nameWithSecretManager } from "./existing-cluster";
import type { PoolConfig } from "./pools/config";
import { kubeconfig } from "../workloads/kubeconfig";
import { accountId, computeClassOf, nodePoolName } from "../project/names";
import { gpuPoolArgs, systemPoolArgs, type PoolOwner } from "./pools/node-pools";
import { poolSuffix, usesComputeClass } from "../workloads/placement/pool-sources";

export interface GpuClusterArgs {
    readonly project: string;
    /** Settings of the section `cluster`. */
    readonly cluster: ClusterConfig;
    /** Network of a new cluster. @default none, for an existing cluster */
    readonly network?: ClusterNetwork | undefined;
    /** Repository that the nodes pull from. @default none: images are public or in another registry */
    readonly images?: NodeImages | undefined;
    /** A proxy of Docker Hub that nodes pull through: a virtual repository, and the remote one behind it. @default none */
    readonly baseImages?: { readonly dockerHub: NodeImages; readonly virtual: NodeImages } | undefined;
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
    /**
     * Resource that gives nodes access to the internet; they are created after it. @default none: the subnet's output resolves only once it exists
     */
    readonly nat?: pulumi.Resource | undefined;
}

/** A GKE cluster with a small system pool, any number of GPU pools that start from zero nodes, and a Kubernetes provider. */
export class GpuCluster extends pulumi.ComponentResource {
    readonly name: pulumi.Output<string>;
    /** Contains no secret. */
    readonly kubeconfig: pulumi.Output<string>;
    /** Provider for resources in the cluster. It depends on the pools, so that pods are deleted before their nodes. */
    readonly provider: kubernetes.Provider;
    /** The cluster resource, for `deletedWith`. Undefined for an existing cluster. */
    readonly resource: pulumi.Resource | undefined;
    /** Service account of the nodes. */
    readonly nodeAccount: gcp.serviceaccount.Account;

    constructor(name: string, args: GpuClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:GpuCluster", name, {}, opts);
        this.nodeAccount = this.account(name, args.cluster);
        const grants = this.grants(name, args);
        const access = args.network === undefined ? this.existingCluster(args) : this.newCluster(name, args, args.network, grants);
        const systemPool = args.network === undefined ? [] : [this.systemPool(name, args.cluster, access)];
        const gpuPools = args.cluster.pools.map((pool) => this.gpuPools(name, args.cluster, pool, access, [...grants, ...systemPool]));
        this.name = access.name;
        this.resource = access.resource;
        this.kubeconfig = pulumi
            .all([access.name, access.endpoint, access.caCertificate])
            .apply(([context, endpoint, caCertificate]) => kubeconfig({ name: context, endpoint, caCertificate }));
        this.provider = new kubernetes.Provider(
            `${name}-kubernetes`,
            // Without an identifier, a renewed certificate or address would change the kubeconfig and replace everything in the cluster.
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

    /** Permissions of a node: logs, metrics, and pulling and streaming images. Pods have separate accounts. */
    private grants(name: string, { project, images, baseImages }: GpuClusterArgs): pulumi.Resource[] {
        const options = { parent: this, protect: false };
        const member = this.nodeAccount.member;
        const inProject = (suffix: string, role: string) =>
            new gcp.projects.IAMMember(`${name}-${suffix}`, { project, role, member }, options);
        const pull = (suffix: string, { id, location }: NodeImages) =>
            new gcp.artifactregistry.RepositoryIamMember(
                `${name}-${suffix}`,
                { repository: id, location, role: "roles/artifactregistry.reader", member },
                options,
            );
        return [
            inProject("nodes-role", "roles/container.defaultNodeServiceAccount"),
            // Image streaming requires serviceusage.services.use. https://cloud.google.com/kubernetes-engine/docs/how-to/image-streaming
            inProject("nodes-services", "roles/serviceusage.serviceUsageConsumer"),
            ...(images === undefined ? [] : [pull("nodes-pull", images)]),
            ...(baseImages === undefined
                ? []
                : [pull("nodes-docker-hub-pull", baseImages.dockerHub), pull("nodes-virtual-pull", baseImages.virtual)]),
        ];
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
                // For the default pool, which exists only for the first minutes; otherwise it would use the project's default account.
                nodeConfig: { serviceAccount: this.nodeAccount.email },
            },
            {
                parent: this,
                // The provider also refuses to delete such a cluster, but only after everything in it was deleted. The engine refuses during preview.
                ...(args.cluster.deletionProtection ? { protect: true } : {}),
                dependsOn: nat === undefined ? grants : [nat, ...grants],
                ignoreChanges: ["nodeConfig", "initialNodeCount"],
            },
        );
        const { id, name: given, endpoint, masterAuth, controlPlaneEndpointsConfig } = cluster;
        const made = { id, name: given, resource: cluster };
        return args.cluster.endpoint === "dns"
            ? { ...made, endpoint: controlPlaneEndpointsConfig.dnsEndpointConfig.endpoint, caCertificate: undefined }
            : { ...made, endpoint, caCertificate: masterAuth.clusterCaCertificate };
    }

    private existingCluster({ cluster, project }: GpuClusterArgs): ClusterHandle {
        const found = gcp.container.getClusterOutput({ name: cluster.name, location: cluster.location, project }, { parent: this });
        const { id } = found;
        const name = cluster.secretManager === true ? found.apply(nameWithSecretManager) : found.name;
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

    /** The name is generated, so that a replaced pool gets its successor first, and its pods move there. */
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

    /** Compute class of a pool with several sources of capacity: the order in which GKE tries them. */
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

/** Name of the pool's compute class; undefined for a pool with one source of capacity. */
const classOf = (cluster: ClusterConfig, pool: PoolConfig): string | undefined =>
    usesComputeClass(pool) ? computeClassOf(pool.name, pulumi.getStack(), cluster.existing) : undefined;

/** A new or existing cluster. */
interface ClusterHandle {
    readonly id: pulumi.Output<string>;
    readonly name: pulumi.Output<string>;
    readonly endpoint: pulumi.Output<string>;
    readonly caCertificate: pulumi.Output<string | undefined> | undefined;
    /** Its resource; undefined for an existing cluster. */
    readonly resource?: pulumi.Resource;
}
