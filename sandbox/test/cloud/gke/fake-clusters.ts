import type { ClusterAccess, ClusterIdentity, Clusters, ImageCheck } from "../../../cloud/gke/clusters";
import type { NodePool } from "../../../cluster/gke/node-pool";

/** Clusters in memory that note every call, and fail where a test says so. */
export class FakeClusters implements Clusters {
    readonly calls: string[] = [];
    /** Called before each operation; what it throws is the operation's failure. */
    before: (call: string) => void | Promise<void> = () => undefined;

    async create({ id }: ClusterIdentity): Promise<ClusterAccess> {
        await this.note(`create ${id}`);
        return { endpoint: "127.0.0.1:6443", caCertificate: "Q0E=" };
    }

    /** The checks of images, by cluster. */
    readonly checks = new Map<string, ImageCheck | undefined>();

    checkImages(clusterId: string, check: ImageCheck | undefined): Promise<void> {
        this.checks.set(clusterId, check);
        return Promise.resolve();
    }

    async delete(id: string): Promise<void> {
        await this.note(`delete ${id}`);
    }

    async putPool(clusterId: string, { name, machineType, zones }: NodePool): Promise<void> {
        await this.note(`putPool ${clusterId} ${name} ${machineType} ${zones.join(",")}`);
    }

    async deletePool(clusterId: string, name: string): Promise<void> {
        await this.note(`deletePool ${clusterId} ${name}`);
    }

    /** Nodes of every pool. */
    nodes = 0;

    nodesOf(): number {
        return this.nodes;
    }

    private async note(call: string): Promise<void> {
        this.calls.push(call);
        await this.before(call);
    }
}
