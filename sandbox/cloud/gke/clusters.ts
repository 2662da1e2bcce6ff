import type { NodePool } from "../../cluster/gke/node-pool";

/** Identity of a new cluster. */
export interface ClusterIdentity {
    /** `projects/<project>/locations/<location>/clusters/<name>`. */
    readonly id: string;
    readonly name: string;
    /** A region or a zone. */
    readonly location: string;
    readonly project: string;
}

/** Address and certificate authority of a cluster's API server. */
export interface ClusterAccess {
    /** Host and port. */
    readonly endpoint: string;
    /** Certificate of the authority, as base64-encoded PEM. */
    readonly caCertificate: string;
}

/** Returns why a cluster refuses an image of a new pod; undefined if it admits the image. */
export type ImageCheck = (image: string) => string | undefined;

/** The Kubernetes clusters behind the simulated GKE API. All operations are idempotent. */
export interface Clusters {
    create(cluster: ClusterIdentity): Promise<ClusterAccess>;
    /** Deletes the cluster and its nodes. Does nothing if the cluster does not exist. */
    delete(id: string): Promise<void>;
    /** Checks the images of pods that are created from now on. @param check undefined: admits all images */
    checkImages(clusterId: string, check: ImageCheck | undefined): Promise<void>;
    /** Creates or changes a node pool. Nodes are added when pods need them. */
    putPool(clusterId: string, pool: NodePool): Promise<void>;
    /** Drains and removes the pool's nodes. Does nothing if the pool does not exist. */
    deletePool(clusterId: string, name: string): Promise<void>;
    /** Returns the current number of nodes in all zones; 0 if the pool does not exist. */
    nodesOf(clusterId: string, pool: string): number;
}
