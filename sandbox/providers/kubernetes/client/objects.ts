/** A Kubernetes object as the API server writes it in JSON. */
export interface KubeObject {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly metadata: ObjectMeta;
    readonly spec?: unknown;
    readonly status?: unknown;
    readonly [field: string]: unknown;
}

/** The part of an object's metadata that this provider reads. */
export interface ObjectMeta {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly { readonly uid: string; readonly kind?: string; readonly name?: string }[];
    readonly [field: string]: unknown;
}

/** One entry of `status.conditions`. */
export interface Condition {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
}

/** A list of objects as the API server answers it. */
export interface KubeList {
    readonly metadata: { readonly resourceVersion?: string };
    readonly items: readonly KubeObject[];
}

/** Whether `value` is a JSON object: neither an array nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value) && Object.getPrototypeOf(value) === Object.prototype;
}

/** The condition of this type, or undefined. */
export function condition(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
    return conditions?.find((candidate) => candidate.type === type);
}

/** `namespace/name`, or the name alone for a cluster-wide object: the id that the official provider uses. */
export function objectId(metadata: Pick<ObjectMeta, "name" | "namespace">): string {
    return metadata.namespace === undefined || metadata.namespace === "" ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** Takes an id of `objectId` apart. */
export function parseObjectId(id: string): { readonly name: string; readonly namespace?: string } {
    const slash = id.indexOf("/");
    return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** The annotation's value on any object-like value, undefined where there is none. */
export function annotation(object: unknown, key: string): string | undefined {
    if (!isRecord(object) || !isRecord(object.metadata)) {
        return undefined;
    }
    const annotations = object.metadata.annotations;
    const value = isRecord(annotations) ? annotations[key] : undefined;
    return typeof value === "string" ? value : undefined;
}
