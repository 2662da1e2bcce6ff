import { capacityKind, type Capacity, type PoolConfig } from "../../cluster/pools/config";
import { reservationSuffix } from "../../project/names";

/** Whether the pool falls back from one source of capacity to the next: a compute class then covers one node pool for each source. */
export function usesComputeClass(pool: PoolConfig): boolean {
    return pool.capacity.length > 1;
}

/**
 * Suffix of a node pool's name: the pool, and its source of capacity if there are several. The first reservation of a list is named by its kind, the others also by
 * their names.
 */
export function poolSuffix(pool: PoolConfig, capacity: Capacity): string {
    if (!usesComputeClass(pool)) {
        return pool.name;
    }
    const kind = capacityKind(capacity);
    const first = pool.capacity.find((other) => capacityKind(other) === kind);
    return typeof capacity === "string" || capacity === first
        ? `${pool.name}-${kind}`
        : `${pool.name}-${kind}-${reservationSuffix(capacity.reservation)}`;
}
