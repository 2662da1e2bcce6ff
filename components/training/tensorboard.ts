import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { tensorboardNetworkSpec } from "../../k8s/network/network-policy";
import { TENSORBOARD_LABELS, TENSORBOARD_PORT, tensorboardSpec } from "../../k8s/tensorboard";
import { buckets } from "../../k8s/volumes";
import type { StorageConfig } from "../config/fields";
import type { WorkloadImage } from "../workloads/placement/placement";
import { workloadIdentity } from "../workloads/workload-identity";

export interface TensorboardArgs {
    readonly project: string;
    /** The runs' namespace. */
    readonly namespace: pulumi.Input<string>;
    /** The training image by digest; TensorBoard is in it. */
    readonly image: WorkloadImage;
    /** Storage of the runs' checkpoints and logs. */
    readonly checkpoints: StorageConfig;
}

/** TensorBoard on the logs of all runs, for `kubectl port-forward`. It has read access only. */
export class Tensorboard extends pulumi.ComponentResource {
    constructor(name: string, args: TensorboardArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:Tensorboard", name, {}, opts);
        const metadata = { name: "tensorboard", namespace: args.namespace, labels: TENSORBOARD_LABELS };
        const serviceAccount = workloadIdentity(
            name,
            { ...args, kind: "tensorboard", account: "tensorboard", reads: buckets([args.checkpoints]), writes: [] },
            this,
        );
        const network = new kubernetes.networking.v1.NetworkPolicy(
            `${name}-network`,
            { metadata, spec: tensorboardNetworkSpec(TENSORBOARD_LABELS, TENSORBOARD_PORT) },
            { parent: this },
        );
        new kubernetes.apps.v1.Deployment(
            name,
            { metadata, spec: tensorboardSpec({ image: args.image.ref, serviceAccount, checkpoints: args.checkpoints }) },
            { parent: this, dependsOn: [network] },
        );
        new kubernetes.core.v1.Service(
            `${name}-service`,
            { metadata, spec: { selector: TENSORBOARD_LABELS, ports: [{ name: "http", port: 80, targetPort: "http" }] } },
            { parent: this },
        );
        this.registerOutputs();
    }
}
