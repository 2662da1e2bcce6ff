import { randomBytes } from "node:crypto";
import { projectNumber } from "../generated";

/** The caller of a request. */
export interface Identity {
    /** The principal in allow policies, such as `serviceAccount:deploy@my-project.iam.gserviceaccount.com`. The owner of the sandbox has none: nothing is denied to it. */
    readonly member?: string;
    /** Sets of federated principals that the caller belongs to, such as `principalSet://…/attribute.repository/my-organization/ml`. */
    readonly memberOf?: readonly string[];
}

/** An access token of a service account, or of a federated principal. */
export interface IssuedToken {
    readonly accessToken: string;
    /** RFC 3339, in whole seconds as in Google's responses. */
    readonly expireTime: string;
}

const OWNER: Identity = {};

/** A caller without credentials. */
export const ANYBODY: Identity = { member: "allUsers" };

/** Returns the identity of a service account. It also belongs to the set of its project's service accounts. */
export function serviceAccount(email: string): Identity {
    const [, project] = /@([^.]+)\.iam\.gserviceaccount\.com$/.exec(email) ?? [];
    const memberOf = project === undefined ? [] : [accountsOf(project, "ServiceAccount")];
    return { member: `serviceAccount:${email}`, memberOf };
}

/**
 * Returns the principal of all service accounts or all service agents of a project.
 * https://cloud.google.com/iam/docs/principal-identifiers
 */
export function accountsOf(project: string, type: "ServiceAccount" | "ServiceAgent"): string {
    return `principalSet://cloudresourcemanager.googleapis.com/projects/${projectNumber(project)}/type/${type}`;
}

/** Access tokens and their identities. Issued tokens end with the daemon. */
export class Identities {
    private readonly issued = new Map<string, { readonly identity: Identity; readonly expiresAt: number }>();

    /** @param ownerToken returns the token of the sandbox's owner; empty before the first start */
    constructor(private readonly ownerToken: () => string) {}

    /** @returns undefined if the token is unknown or has expired */
    find(token: string): Identity | undefined {
        if (token !== "" && token === this.ownerToken()) {
            return OWNER;
        }
        const found = this.issued.get(token);
        return found === undefined || found.expiresAt <= Date.now() ? undefined : found.identity;
    }

    /** Issues a token. */
    issue(identity: Identity, seconds: number): IssuedToken {
        const accessToken = randomBytes(24).toString("hex");
        const expiresAt = Date.now() + seconds * 1000;
        this.issued.set(accessToken, { identity, expiresAt });
        return { accessToken, expireTime: new Date(expiresAt).toISOString().replace(/\.\d+Z$/, "Z") };
    }
}
