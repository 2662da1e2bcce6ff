import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../../home";
import { clusterFolder } from "../cluster-record";

/**
 * Folder with the certificate authorities of all clusters. Pulumi and its plugins trust them: on GKE, the DNS endpoint of a control plane
 * has a publicly trusted certificate, so its kubeconfig contains no authority.
 */
export function authoritiesFolder(home: Home): string {
    return path.join(home.run, "authorities");
}

/** Adds a cluster's authority to the trusted ones. */
export function trustAuthority(home: Home, clusterId: string, pem: string): void {
    fs.mkdirSync(authoritiesFolder(home), { recursive: true });
    fs.writeFileSync(authorityFile(home, clusterId), pem);
}

/** Removes the authority of a deleted cluster. */
export function forgetAuthority(home: Home, clusterId: string): void {
    fs.rmSync(authorityFile(home, clusterId), { force: true });
}

function authorityFile(home: Home, clusterId: string): string {
    return path.join(authoritiesFolder(home), `${path.basename(clusterFolder(home, clusterId))}.crt`);
}
