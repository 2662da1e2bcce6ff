import * as path from "node:path";
import type { Home } from "../../home";
import { writeWebhook } from "./kubeconfig";

/**
 * Returns flags of kube-apiserver: who calls, and who may do what. RBAC and IAM both can allow a request.
 * https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
 * @param caFile certificate of the cluster's authority
 * @param reviews URL of the reviews of all clusters. The configuration of this cluster's is written to its folder
 */
export function accessFlags(
    home: Home,
    { id, folder }: { readonly id: string; readonly folder: string },
    caFile: string,
    reviews: string,
): readonly string[] {
    const webhook = path.join(folder, "reviews.kubeconfig");
    writeWebhook(webhook, `${reviews}/${id}`);
    return [
        `--client-ca-file=${caFile}`,
        `--token-auth-file=${path.join(home.run, "token.csv")}`,
        "--anonymous-auth=false",
        `--authentication-token-webhook-config-file=${webhook}`,
        "--authentication-token-webhook-version=v1",
        "--authorization-mode=Node,RBAC,Webhook",
        `--authorization-webhook-config-file=${webhook}`,
        "--authorization-webhook-version=v1",
        // Changes of policies take effect at once.
        "--authentication-token-webhook-cache-ttl=0s",
        "--authorization-webhook-cache-authorized-ttl=0s",
        "--authorization-webhook-cache-unauthorized-ttl=0s",
        "--enable-admission-plugins=NodeRestriction",
    ];
}
