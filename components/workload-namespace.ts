import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { defaultDenySpec } from "../k8s/network-policy";
import { RESTRICTED_NAMESPACE } from "../k8s/pod-security";

export interface WorkloadNamespaceArgs {
    /** Name in the cluster. */
    readonly namespace: string;
}

/** A namespace that refuses any pod below the standard `restricted`, and in which nothing may talk until a policy says so. */
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
        this.registerOutputs({ namespace: this.namespace });
    }
}
