/** Fields of Kubernetes objects that the sandbox reads, in the API's JSON format. https://kubernetes.io/docs/reference/kubernetes-api/ */

export interface Metadata {
    readonly name: string;
    /** Empty for cluster-scoped objects. */
    readonly namespace?: string | undefined;
    readonly uid?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly resourceVersion?: string;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly { readonly uid?: string; readonly kind?: string; readonly controller?: boolean }[];
    readonly managedFields?: readonly { readonly manager?: string; readonly fieldsV1?: unknown }[];
}

/** Fields that all Kubernetes objects have. */
export interface KubeObject {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly metadata: Metadata;
}

/** An object of any kind, with all its fields. */
export type AnyObject = KubeObject & Readonly<Record<string, unknown>>;

/** A list of objects. */
export interface KubeList<T extends KubeObject> {
    readonly metadata: { readonly resourceVersion?: string };
    readonly items: readonly T[];
}

export interface Condition {
    readonly type: string;
    readonly status: "True" | "False" | "Unknown";
    readonly reason?: string;
    readonly message?: string;
    readonly lastTransitionTime?: string;
}

/** Amounts in Kubernetes notation, such as `500m` or `8Gi`. */
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
    readonly image?: string;
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
        readonly ephemeralContainers?: readonly Container[];
        readonly overhead?: Quantities;
    };
    readonly status?: {
        readonly phase?: string;
        readonly reason?: string;
        readonly message?: string;
        readonly podIP?: string;
        readonly conditions?: readonly Condition[];
        readonly initContainerStatuses?: readonly ContainerStatus[];
        readonly containerStatuses?: readonly ContainerStatus[];
    };
}

export interface ContainerStatus {
    readonly name: string;
    readonly ready?: boolean;
    readonly restartCount?: number;
    readonly state?: ContainerState;
    readonly lastState?: ContainerState;
}

interface ContainerState {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: unknown;
    readonly terminated?: { readonly exitCode: number; readonly reason?: string; readonly message?: string; readonly finishedAt?: string };
}

export interface Event extends KubeObject {
    readonly involvedObject?: { readonly uid?: string };
    readonly reason?: string;
    readonly message?: string;
    readonly lastTimestamp?: string;
    readonly eventTime?: string;
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
        /** @default `ClusterIP` */
        readonly type?: string;
        readonly selector?: Readonly<Record<string, string>>;
        /** `None` for a headless Service. */
        readonly clusterIP?: string;
        readonly ports?: readonly { readonly port: number; readonly name?: string; readonly protocol?: string }[];
        readonly publishNotReadyAddresses?: boolean;
    };
    readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly unknown[] } };
}

export interface Endpoint {
    readonly addresses: readonly string[];
    readonly hostname?: string;
    readonly nodeName?: string;
    readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
}

export interface EndpointSlice extends KubeObject {
    readonly endpoints?: readonly Endpoint[] | null;
    readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
}

export interface PersistentVolumeClaim extends KubeObject {
    readonly spec: {
        readonly volumeName?: string;
        readonly accessModes?: readonly string[];
        readonly storageClassName?: string;
        readonly resources?: { readonly requests?: Quantities };
    };
    readonly status?: { readonly phase?: string };
}

export interface PersistentVolume extends KubeObject {
    readonly spec: {
        readonly persistentVolumeReclaimPolicy?: string;
        readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] } };
    };
    readonly status?: { readonly phase?: string };
}

/** Returns the condition with a type; undefined if it does not exist. */
export function condition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
    return conditions?.find((candidate) => candidate.type === type);
}

/** Whether a value is a JSON object, not an array or null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value) && Object.getPrototypeOf(value) === Object.prototype;
}
