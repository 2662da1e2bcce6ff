import * as gcp from "@pulumi/gcp";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { accountId, type AccountKind } from "../project/names";

/** A workload that acts in Google Cloud. */
export interface WorkloadIdentityArgs {
    /** What the workload is. */
    readonly kind: AccountKind;
    readonly project: string;
    /** Namespace of the Kubernetes account. */
    readonly namespace: pulumi.Input<string>;
    /** Name of the Kubernetes account. */
    readonly account: string;
    /** Buckets that the workload reads. */
    readonly reads: readonly string[];
    /** Buckets that the workload reads and writes. */
    readonly writes: readonly string[];
    /** What has to exist before a bucket can be granted. @default none: the buckets exist */
    readonly buckets?: pulumi.Resource[];
}

/**
 * Makes, under a component, an account of the workload's own in the cluster and the one in Google Cloud that it stands for; no key exists. Gives the name of the
 * Kubernetes account once it may be used. https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
 */
export function workloadIdentity(name: string, args: WorkloadIdentityArgs, parent: pulumi.ComponentResource): pulumi.Output<string> {
    const account = new gcp.serviceaccount.Account(
        `${name}-account`,
        { accountId: accountId(args.kind, name, pulumi.getStack()), displayName: `Workload ${name}` },
        { parent },
    );
    const binding = new gcp.serviceaccount.IAMMember(
        `${name}-binding`,
        {
            serviceAccountId: account.name,
            role: "roles/iam.workloadIdentityUser",
            member: pulumi.interpolate`serviceAccount:${args.project}.svc.id.goog[${args.namespace}/${args.account}]`,
        },
        { parent },
    );
    const dependsOn = args.buckets ?? [];
    const grants = [
        ...args.reads.map((bucket) =>
            bucketGrant(`${name}-reads-${bucket}`, bucket, "roles/storage.objectViewer", account, { parent, dependsOn }),
        ),
        ...args.writes.map((bucket) =>
            bucketGrant(`${name}-writes-${bucket}`, bucket, "roles/storage.objectUser", account, { parent, dependsOn }),
        ),
    ];
    const inCluster = new kubernetes.core.v1.ServiceAccount(
        `${name}-kubernetes`,
        {
            metadata: { name: args.account, namespace: args.namespace, annotations: { "iam.gke.io/gcp-service-account": account.email } },
            automountServiceAccountToken: false,
        },
        { parent, dependsOn: [binding, ...grants] },
    );
    return inCluster.metadata.name;
}

function bucketGrant(
    name: string,
    bucket: string,
    role: string,
    account: gcp.serviceaccount.Account,
    options: pulumi.CustomResourceOptions,
): pulumi.Resource {
    return new gcp.storage.BucketIAMMember(name, { bucket, role, member: account.member }, options);
}
