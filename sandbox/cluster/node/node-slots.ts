import * as os from "node:os";

/** Memory of the machine for one real node: its containerd and kubelet take 150 MB, its pods the rest. */
const BYTES_PER_NODE = 3 * 2 ** 30;
/** More real nodes are of no use on one machine. */
const MOST_NODES = 4;

/** How many real nodes a machine can run. */
export function realNodesOn(memoryBytes: number = os.totalmem()): number {
    return Math.min(MOST_NODES, Math.max(1, Math.floor(memoryBytes / BYTES_PER_NODE)));
}

/** The slots for real nodes of a sandbox, over all its clusters. */
export class NodeSlots {
    private readonly taken = new Set<number>();

    constructor(readonly limit: number) {}

    /** The lowest free slot; undefined if all are taken. */
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
