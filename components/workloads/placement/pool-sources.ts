import { capacityKind, type Capacity, type PoolConfig } from "../../cluster/pools/config";
import { reservationSuffix } from "../../project/names";

/** Whether the pool falls back from one source of capacity to the next. GKE does that by a compute class over a node pool for each. */
export function usesComputeClass(pool: PoolConfig): boolean {
    return pool.capacity.length > 1;
}

/**
 * Suffix of a node pool's name: the pool's, and the source of capacity where there are several. The first reservation of a list goes by its kind, the others by
 * their names too.
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
