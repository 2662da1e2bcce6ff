import type { NodePool } from "../cluster/gke/node-pool";

/** What a new cluster is called. */
export interface ClusterIdentity {
    /** `projects/<project>/locations/<location>/clusters/<name>`. */
    readonly id: string;
    readonly name: string;
    /** A region or a zone. */
    readonly location: string;
    readonly project: string;
}

/** Where a cluster's API server answers. */
export interface ClusterAccess {
    /** Host and port. */
    readonly endpoint: string;
    /** The certificate authority, PEM in base64. */
    readonly caCertificate: string;
}

/** The Kubernetes clusters behind the simulated GKE API. Every operation may be repeated: what is there already is kept. */
export interface Clusters {
    create(cluster: ClusterIdentity): Promise<ClusterAccess>;
    /** Deletes the cluster with its nodes. One that is not there is no error. */
    delete(id: string): Promise<void>;
    /** Creates or changes a pool; its nodes come when pods need them. */
    putPool(clusterId: string, pool: NodePool): Promise<void>;
    /** Drains and removes the pool's nodes. A pool that is not there is no error. */
    deletePool(clusterId: string, name: string): Promise<void>;
    /** How many nodes the pool has now, over all zones; 0 where it is not there. */
    nodesOf(clusterId: string, pool: string): number;
}
