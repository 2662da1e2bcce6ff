import type { ClusterStatus } from "../cluster/clusters";
import type { RunningService } from "../host/processes";

/** What the daemon says of itself. */
export interface DaemonStatus {
    readonly pid: number;
    /** Host and port of the OCI registry. */
    readonly registry: string;
    readonly services: readonly RunningService[];
    readonly clusters: readonly ClusterStatus[];
}
