import * as os from "node:os";

/** Memory per real node: its containerd and kubelet use 150 MB, its pods the rest. */
const BYTES_PER_NODE = 3 * 2 ** 30;
/** More real nodes have no benefit on one machine. */
const MOST_NODES = 4;

/** Returns how many real nodes a machine can run. */
export function realNodesOn(memoryBytes: number = os.totalmem()): number {
    return Math.min(MOST_NODES, Math.max(1, Math.floor(memoryBytes / BYTES_PER_NODE)));
}

/** Slots for the real nodes of a sandbox, shared by all its clusters. */
export class NodeSlots {
    private readonly taken = new Set<number>();

    constructor(readonly limit: number) {}

    /** Takes the lowest free slot; undefined if all are in use. */
    take(): number | undefined {
        for (let slot = 0; slot < this.limit; slot++) {
            if (this.taken.has(slot)) {
                continue;
            }
            this.taken.add(slot);
            return slot;
        }
        return undefined;
    }

    release(slot: number): void {
        this.taken.delete(slot);
    }
}
