import { createHash, randomBytes } from "node:crypto";

/** How much of a cluster's or pool's name GKE keeps. */
const KEPT = 16;

/** A new node's name as GKE makes it: `gke-<cluster>-<pool>-<hash>-<four characters>`. */
export function newNodeName(cluster: string, pool: string): string {
    return `${groupName(cluster, pool)}-${randomBytes(2).toString("hex")}`;
}

/** What the names of all nodes of a pool begin with. */
export function groupName(cluster: string, pool: string): string {
    const hash = createHash("sha256").update(`${cluster}/${pool}`).digest("hex").slice(0, 8);
    return `gke-${shortened(cluster)}-${shortened(pool)}-${hash}`;
}

function shortened(name: string): string {
    return name.slice(0, KEPT).replace(/-+$/, "");
}
