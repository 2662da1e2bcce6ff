import * as gcp from "@pulumi/gcp";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { isInSecretManager, type PodSecret } from "../../k8s/secrets/pod-secrets";
import { fullSecretName } from "../../k8s/secrets/secret-objects";
import { accountId } from "../project/names";

/** A workload that acts in Google Cloud. */
export interface WorkloadIdentityArgs {
    /** Kind of the workload, such as `service`: part of the identity of its account. */
    readonly kind: string;
    readonly project: string;
    /** Namespace of the Kubernetes account. */
    readonly namespace: pulumi.Input<string>;
    /** Name of the Kubernetes account. */
    readonly account: string;
    /** Buckets that the workload reads. */
    readonly reads: readonly string[];
    /** Buckets that the workload reads and writes. */
    readonly writes: readonly string[];
    /** Secrets that the workload reads. Only those in Secret Manager count. @default none */
    readonly secrets?: readonly PodSecret[];
    /** Buckets of the stack, which must exist before access is granted. @default none: the buckets exist */
    readonly buckets?: pulumi.Resource[];
}

/**
 * Creates, under a component, a Kubernetes service account and the Google service account that it impersonates, without keys. Returns the name of the
 * Kubernetes service account once its permissions exist. https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
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
        ...secretGrants(name, args, account, parent),
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

/** Access to the values of these secrets only. If a secret does not exist, the update fails here, before its pods are created. */
function secretGrants(
    name: string,
    { project: own, secrets = [] }: WorkloadIdentityArgs,
    account: gcp.serviceaccount.Account,
    parent: pulumi.Resource,
): pulumi.Resource[] {
    const full = secrets.filter(isInSecretManager).map((secret) => fullSecretName(secret, own));
    return [...new Set(full)].map((secret) => {
        const [, project = own, , secretId = ""] = secret.split("/");
        return new gcp.secretmanager.SecretIamMember(
            // The name of a secret has no full stop, so the name of this grant cannot collide with that of another project's secret.
            `${name}-secret-${project === own ? "" : `${project}.`}${secretId}`,
            { project, secretId, role: "roles/secretmanager.secretAccessor", member: account.member },
            { parent },
        );
    });
}
