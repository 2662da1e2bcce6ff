import type { ClusterAccess, ClusterIdentity, Clusters, ImageCheck } from "../../../cloud/gke/clusters";
import type { NodePool } from "../../../cluster/gke/node-pool";

/** Clusters in memory. They record every call, and fail as a test configures. */
export class FakeClusters implements Clusters {
    readonly calls: string[] = [];
    /** Called before each operation. The operation fails with the error that it throws. */
    before: (call: string) => void | Promise<void> = () => undefined;

    async create({ id }: ClusterIdentity): Promise<ClusterAccess> {
        await this.note(`create ${id}`);
        return { endpoint: "127.0.0.1:6443", caCertificate: "Q0E=" };
    }

    /** Image checks, by cluster. */
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

    /** Number of nodes in each pool. */
    nodes = 0;

    nodesOf(): number {
        return this.nodes;
    }

    private async note(call: string): Promise<void> {
        this.calls.push(call);
        await this.before(call);
    }
}
