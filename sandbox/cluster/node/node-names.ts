import { createHash, randomBytes } from "node:crypto";

/** Number of characters of a cluster or pool name that GKE keeps in a node name. */
const KEPT = 16;

/** Generates a node name as GKE does: `gke-<cluster>-<pool>-<hash>-<four characters>`. */
export function newNodeName(cluster: string, pool: string): string {
    return `${groupName(cluster, pool)}-${randomBytes(2).toString("hex")}`;
}

/** Prefix of a pool's node names. */
export function groupName(cluster: string, pool: string): string {
    const hash = createHash("sha256").update(`${cluster}/${pool}`).digest("hex").slice(0, 8);
    return `gke-${shortened(cluster)}-${shortened(pool)}-${hash}`;
}

function shortened(name: string): string {
    return name.slice(0, KEPT).replace(/-+$/, "");
}
