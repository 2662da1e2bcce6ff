import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Access } from "../../cloud/access/access";
import type { Identities, Identity } from "../../cloud/access/identities";
import { serveWithProcess } from "../../host/http-server";
import { permissionFor, type ResourceAttributes } from "./kubernetes-permissions";

/** The request of an API server: who has this token, or whether a user may do something. */
type Review =
    | { readonly kind: "TokenReview"; readonly apiVersion: string; readonly spec: { readonly token?: string } }
    | {
          readonly kind: "SubjectAccessReview";
          readonly apiVersion: string;
          readonly spec: { readonly user?: string; readonly groups?: readonly string[]; readonly resourceAttributes?: ResourceAttributes };
      };

/** Dependencies of the reviews. */
export interface ReviewArgs {
    /** Finds the caller of an access token. */
    readonly identities: Pick<Identities, "find">;
    /** Decides what a caller may do. */
    readonly access: Pick<Access, "grants">;
}

/**
 * Serves reviews for the API servers of clusters on 127.0.0.1: on GKE, a Google identity is a user of each cluster, and IAM roles allow requests in addition to
 * RBAC. The path of a request is the cluster's resource name. The server does not keep the process alive.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control#iam-rbac-interaction
 */
export function serveReviews({ port, ...args }: ReviewArgs & { readonly port: number }): Promise<void> {
    return serveWithProcess((request, response) => {
        answer(args, request, response).catch((error: unknown) => {
            // An API server that stops ends its requests early.
            response.writeHead(400).end(String(error));
        });
    }, port);
}

async function answer(args: ReviewArgs, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const review = JSON.parse(await text(request)) as Review;
    const { apiVersion, kind } = review;
    const { pathname } = new URL(request.url ?? "/", "http://reviews");
    const status = review.kind === "TokenReview" ? userOf(args, review.spec.token) : decision(args, pathname.slice(1), review.spec);
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ apiVersion, kind, status }));
}

function userOf({ identities }: ReviewArgs, token = ""): object {
    const { member, memberOf = [] } = identities.find(token) ?? {};
    const username = member?.replace(/^serviceAccount:/, "");
    return username === undefined ? { authenticated: false } : { authenticated: true, user: { username, groups: memberOf } };
}

function decision({ access }: ReviewArgs, cluster: string, { user = "", groups = [], resourceAttributes }: SubjectSpec): object {
    const caller = identityOf(user, groups);
    // Others are users of Kubernetes alone, and RBAC decides about paths that are not resources.
    if (caller === undefined || resourceAttributes === undefined) {
        return { allowed: false };
    }
    const permission = permissionFor(resourceAttributes);
    const allowed = access.grants(caller, permission, { service: "container.googleapis.com", name: cluster });
    // GKE's words: https://github.com/apache/airflow/issues/37795
    return allowed ? { allowed } : { allowed, reason: `requires one of ["${permission}"] permission(s).` };
}

type SubjectSpec = Extract<Review, { kind: "SubjectAccessReview" }>["spec"];

/** @returns undefined for a user that is not a Google identity */
function identityOf(user: string, memberOf: readonly string[]): Identity | undefined {
    if (user.startsWith("principal://")) {
        return { member: user, memberOf };
    }
    return user.endsWith(".gserviceaccount.com") ? { member: `serviceAccount:${user}`, memberOf } : undefined;
}
