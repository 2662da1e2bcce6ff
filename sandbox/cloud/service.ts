import type { Draft } from "./draft";
import { CloudError } from "./errors";
import { type JsonObject, valueAt } from "./json";

/** An existing resource, as its output function sees it. */
export interface Resource {
    readonly draft: Draft;
    readonly id: string;
    /** RFC 3339. */
    readonly createdAt: string;
    /** RFC 3339. */
    readonly updatedAt: string;
    /** Host and port of the image registry. */
    readonly registry: string;
}

/** Naming rule of a type. */
export interface NameRule {
    /** Property with the name. */
    readonly property: string;
    readonly maxLength: number;
    readonly pattern: RegExp;
    /** Description of the pattern. */
    readonly rule: string;
    /** Separator between the logical name and the random suffix of a generated name. Default: a hyphen. */
    readonly separator?: string;
}

/** Behavior of a resource type in the simulated API, in addition to its list of properties. */
export interface Behaviour {
    /** Returns the resource's ID in the official provider. */
    id(draft: Draft): string;
    /** Absent if names of this type are neither generated nor checked. */
    readonly name?: NameRule;
    /** Computed outputs, except those of all types (times, etag, labels, fingerprints). */
    outputs?(resource: Resource): JsonObject;
}

/** The types of one Google service. */
export type Service = Readonly<Record<string, Behaviour>>;

/** Naming rule of most services: RFC 1035 labels. */
export function rfc1035(maxLength = 63, property = "name"): NameRule {
    return {
        property,
        maxLength,
        pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
        rule: "lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
    };
}

/**
 * Returns the full resource name for a reference by name, ID or URL.
 * @param full builds the full name from a short name
 */
export function fullName(reference: string, full: (name: string) => string): string {
    const id = reference.replace(/^(https:\/\/[^/]+\/(compute\/)?v\d+\/|\/\/[^/]+\/)/, "");
    return id.includes("/") ? id : full(id);
}

/** Returns the last segment of a resource name. */
export function shortName(reference: string): string {
    return reference.slice(reference.lastIndexOf("/") + 1);
}

/**
 * Checks that a member's identity pool exists. A project's identity pool is created with its first cluster that enables Workload Identity;
 * before that, Google rejects members of the pool.
 */
export function checkIdentityPool(member: string, clusters: readonly JsonObject[]): void {
    const pool = /[a-z0-9-]+\.svc\.id\.goog/.exec(member)?.[0];
    if (pool === undefined || clusters.some((cluster) => valueAt(cluster, "workloadIdentityConfig", "workloadPool") === pool)) {
        return;
    }
    const advice = "Please check that you specified a valid resource name as returned in the `name` attribute in the configuration API.";
    throw new CloudError(400, `Identity Pool does not exist (${pool}). ${advice}`);
}
