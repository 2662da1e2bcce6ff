import { type Identities, serviceAccount } from "../../cloud/access/identities";
import { projectNumber } from "../../cloud/generated";

/**
 * Issues the access token of a node.
 * @param account email of the node's service account, or `default` for Compute Engine's default account
 */
export type NodeTokens = (account: string, project: string) => string;

/** On Compute Engine, the metadata server renews the token of a node. Here, one token outlives the node, which ends with the daemon. */
const SECONDS = 10 * 365 * 24 * 60 * 60;

/** Returns the issuer of the nodes' access tokens. */
export function nodeTokens(identities: Pick<Identities, "issue">): NodeTokens {
    return (account, project) =>
        identities.issue(serviceAccount(account === "default" ? defaultAccount(project) : account), SECONDS).accessToken;
}

/** https://cloud.google.com/compute/docs/access/service-accounts#default_service_account */
const defaultAccount = (project: string): string => `${projectNumber(project)}-compute@developer.gserviceaccount.com`;
