import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { defaultDenySpec } from "../k8s/network-policy";
import { RESTRICTED_NAMESPACE } from "../k8s/pod-security";

export interface WorkloadNamespaceArgs {
    /** Name in the cluster. */
    readonly namespace: string;
}

/** A namespace that refuses pods below the standard `restricted`, opens no connection that a policy does not allow, and gives no API token to pods without an account. */
export class WorkloadNamespace extends pulumi.ComponentResource {
    readonly namespace: pulumi.Output<string>;

    constructor(name: string, args: WorkloadNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:WorkloadNamespace", name, {}, opts);
        const namespace = new kubernetes.core.v1.Namespace(
            name,
            { metadata: { name: args.namespace, labels: RESTRICTED_NAMESPACE } },
            { parent: this },
        );
        this.namespace = namespace.metadata.name;
        new kubernetes.networking.v1.NetworkPolicy(
            `${name}-default-deny`,
            { metadata: { name: "default-deny", namespace: this.namespace }, spec: defaultDenySpec() },
            { parent: this },
        );
        new kubernetes.core.v1.ServiceAccountPatch(
            `${name}-default-account`,
            // Kubernetes creates this account with the namespace. Pods that name no account get it, and with it a token of the API.
            { metadata: { name: "default", namespace: this.namespace }, automountServiceAccountToken: false },
            { parent: this },
        );
        this.registerOutputs({ namespace: this.namespace });
    }
}
