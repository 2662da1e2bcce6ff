/** What the sandbox reads of Kubernetes objects, as the API gives them in JSON. https://kubernetes.io/docs/reference/kubernetes-api/ */

export interface Metadata {
    readonly name: string;
    /** Empty for objects that belong to no namespace. */
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly resourceVersion?: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly controller?: boolean }[];
}

export interface KubeObject {
    readonly metadata: Metadata;
}

export interface Condition {
    readonly type: string;
    readonly status: "True" | "False" | "Unknown";
    readonly reason?: string;
    readonly message?: string;
    readonly lastTransitionTime?: string;
}

/** Amounts as Kubernetes writes them: `500m`, `8Gi`. */
export type Quantities = Readonly<Record<string, string>>;

export interface Toleration {
    readonly key?: string;
    readonly operator?: string;
    readonly value?: string;
    readonly effect?: string;
}

export interface NodeSelectorRequirement {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
}

export interface NodeSelectorTerm {
    readonly matchExpressions?: readonly NodeSelectorRequirement[];
    readonly matchFields?: readonly NodeSelectorRequirement[];
}

export interface Container {
    readonly name: string;
    readonly resources?: { readonly requests?: Quantities };
    /** `Always` makes an init container a sidecar. */
    readonly restartPolicy?: string;
}

export interface Pod extends KubeObject {
    readonly spec: {
        readonly nodeName?: string;
        readonly restartPolicy?: string;
        readonly nodeSelector?: Readonly<Record<string, string>>;
        readonly affinity?: {
            readonly nodeAffinity?: {
                readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] };
            };
        };
        readonly tolerations?: readonly Toleration[];
        readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
        readonly containers: readonly Container[];
        readonly initContainers?: readonly Container[];
        readonly overhead?: Quantities;
    };
    readonly status?: { readonly phase?: string; readonly podIP?: string; readonly conditions?: readonly Condition[] };
}

export interface Node extends KubeObject {
    readonly spec?: { readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[] };
    readonly status?: {
        readonly capacity?: Quantities;
        readonly allocatable?: Quantities;
        readonly conditions?: readonly (Condition & { readonly lastHeartbeatTime?: string })[];
    };
}

export interface Service extends KubeObject {
    readonly spec: {
        /** `None` for a headless one. */
        readonly clusterIP?: string;
        readonly ports?: readonly { readonly port: number; readonly name?: string; readonly protocol?: string }[];
        readonly publishNotReadyAddresses?: boolean;
    };
}

export interface Endpoint {
    readonly addresses: readonly string[];
    readonly hostname?: string;
    readonly nodeName?: string;
    readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
}

export interface EndpointSlice extends KubeObject {
    readonly endpoints?: readonly Endpoint[];
    readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

export interface PersistentVolumeClaim extends KubeObject {
    readonly spec: {
        readonly volumeName?: string;
        readonly accessModes?: readonly string[];
        readonly storageClassName?: string;
        readonly resources?: { readonly requests?: Quantities };
    };
}

export interface PersistentVolume extends KubeObject {
    readonly spec: {
        readonly persistentVolumeReclaimPolicy?: string;
        readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] } };
    };
    readonly status?: { readonly phase?: string };
}
