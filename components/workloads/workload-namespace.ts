import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { defaultDenySpec } from "../../k8s/network/network-policy";
import { RESTRICTED_NAMESPACE } from "../../k8s/pod-security";
import { importedFrom, type Found } from "./cluster-lookup";
import { disownCommand, otherOwner, ownerLabels, OWNER_LABEL_PATHS } from "./stack-label";
import { Refusal } from "../config/pulumi-sdk";

/** Label that Kubernetes gives every namespace. https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name */
const NAME_LABEL = "kubernetes.io/metadata.name";

export interface WorkloadNamespaceArgs {
    /** Name in the cluster. */
    readonly namespace: string;
    /** Existing namespaces: one of this name is imported. @default none: an existing namespace is an error */
    readonly existing?: readonly Found[] | undefined;
}

/**
 * A namespace that refuses pods below the standard `restricted`, allows only connections that a policy allows, and gives no API token to pods without an
 * account. It is kept when the stack no longer uses it: deleting a namespace deletes its claims and their disks.
 */
export class WorkloadNamespace extends pulumi.ComponentResource {
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: WorkloadNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:WorkloadNamespace", name, {}, opts);
        const namespace = new kubernetes.core.v1.Namespace(
            name,
            { metadata: { name: args.namespace, labels: { ...RESTRICTED_NAMESPACE, ...ownerLabels() } } },
            {
                parent: this,
                retainOnDelete: true,
                ...importedFrom(args.existing, undefined, args.namespace),
                // An import requires equal properties, so fields that the program does not declare are ignored.
                ignoreChanges: ["spec", "metadata.annotations", `metadata.labels["${NAME_LABEL}"]`, ...OWNER_LABEL_PATHS],
            },
        );
        this.namespace = namespace.metadata.name;
        new kubernetes.networking.v1.NetworkPolicy(
            `${name}-default-deny`,
            { metadata: { name: "default-deny", namespace: this.namespace }, spec: defaultDenySpec() },
            { parent: this },
        );
        new kubernetes.core.v1.ServiceAccountPatch(
            `${name}-default-account`,
            // Kubernetes creates this account with the namespace. Pods without an account get it, and with it an API token.
            { metadata: { name: "default", namespace: this.namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        this.registerOutputs({ namespace: this.namespace });
    }
}

/**
 * Two stacks with one namespace would both manage its policies and accounts.
 * @throws Refusal if the namespace belongs to another stack
 */
export function refuseOthers(namespace: string, existing: readonly Found[]): void {
    const found = existing.find(({ metadata }) => metadata.name === namespace);
    const owner = found && otherOwner(found);
    if (owner !== undefined) {
        throw new Refusal(
            `Namespace ${namespace} belongs to ${owner}. Each stack on a cluster needs its own namespaces: set another one, for example ${namespace}-${pulumi.getStack()}. ` +
                `To take over what a deleted stack left: ${disownCommand("namespace", namespace)}`,
        );
    }
}
