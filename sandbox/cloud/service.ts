import type { Draft } from "./draft";
import { CloudError } from "./errors";
import { type JsonObject, valueAt } from "./json";

/** A resource that exists, as an output function sees it. */
export interface Resource {
    readonly draft: Draft;
    readonly id: string;
    /** RFC 3339. */
    readonly createdAt: string;
    /** RFC 3339. */
    readonly updatedAt: string;
    /** Host and port of the registry that images are pushed to and pulled from. */
    readonly registry: string;
    /** What came out of making it, for the types that take more than an entry in the ledger. */
    readonly provisioned: JsonObject;
}

/** Another resource that this one is part of, or needs. */
export interface Reference {
    readonly type: string;
    readonly id: string;
    /** Whether it is often made by hand, outside of any program, so that its absence from the ledger proves nothing. Default: false. */
    readonly mayBeOutside?: true;
    /** What happens when the other one is deleted first: the API refuses, or this one goes with it. */
    readonly onDelete: "refuse" | "cascade";
}

/** How names of a type look. */
export interface NameRule {
    /** The property that holds the name. */
    readonly property: string;
    readonly maxLength: number;
    readonly pattern: RegExp;
    /** The pattern in words. */
    readonly rule: string;
    /** What stands between the logical name and the random part of a generated name. Default: a hyphen. */
    readonly separator?: string;
}

/** What the simulated API knows of a resource type beyond the list of its properties. */
export interface Behaviour {
    /** The id that the official provider gives. */
    id(draft: Draft): string;
    /** Absent: names of this type are not generated and not checked. */
    readonly name?: NameRule;
    /** The property that takes the region of the provider's configuration when the program says nothing. */
    readonly regional?: "location" | "region";
    /** The property that takes the zone of the provider's configuration, where there is one. */
    readonly zonal?: "location" | "zone";
    /** What it refers to. */
    references?(draft: Draft): readonly Reference[];
    /**
     * What the API refuses for another reason.
     * @param existing the inputs of all resources of a type that exist
     * @throws CloudError
     */
    check?(draft: Draft, existing: (type: string) => readonly JsonObject[]): void;
    /** Computed outputs beyond those that every type has (times, etag, labels, fingerprints). */
    outputs?(resource: Resource): JsonObject;
    /** Computed outputs that a preview of a creation knows already. */
    foretold?(draft: Draft): JsonObject;
    /** Nested properties that the cloud fills in beside what the program gave, such as `masterAuth.clusterCaCertificate`. */
    readonly filledIn?: readonly (readonly string[])[];
    /** Inputs that the cloud itself changes: a refresh gives their values of now. */
    readonly movedByCloud?: readonly string[];
    /** Whether creating what is there already is no error, as for IAM bindings and enabled services. */
    readonly additive?: boolean;
}

/** Types of one Google service. */
export type Service = Readonly<Record<string, Behaviour>>;

/** Names of most services: RFC 1035 labels. */
export function rfc1035(maxLength = 63, property = "name"): NameRule {
    return {
        property,
        maxLength,
        pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
        rule: "lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
    };
}

/**
 * The full resource name of something that is referred to by its name, its id or its address.
 * @param full builds the id from a bare name
 */
export function fullName(reference: string, full: (name: string) => string): string {
    const id = reference.replace(/^(https:\/\/[^/]+\/(compute\/)?v\d+\/|\/\/[^/]+\/)/, "");
    return id.includes("/") ? id : full(id);
}

/** The last part of a resource name. */
export function shortName(reference: string): string {
    return reference.slice(reference.lastIndexOf("/") + 1);
}

/**
 * An IAM binding of one member to one role of a resource.
 * @param parentType the type of what the binding is on; absent for a project, which always exists
 * @param mayBeOutside as in `Reference`
 */
export function iamMember(parentType: string | undefined, parent: (draft: Draft) => string, mayBeOutside?: true): Behaviour {
    return {
        id: (draft) =>
            [parent(draft), draft.text("role"), draft.text("member"), draft.optionalText("condition", "title") ?? []].flat().join("/"),
        ...(parentType !== undefined && {
            references: (draft) => [{ type: parentType, id: parent(draft), onDelete: "cascade", ...(mayBeOutside && { mayBeOutside }) }],
        }),
        check: (draft, existing) => {
            checkIdentityPool(draft.text("member"), existing("gcp:container/cluster:Cluster"));
        },
        additive: true,
    };
}

/** The identity pool of a project comes into being with its first cluster that has Workload Identity; until then Google refuses its members. */
function checkIdentityPool(member: string, clusters: readonly JsonObject[]): void {
    const pool = /[a-z0-9-]+\.svc\.id\.goog/.exec(member)?.[0];
    if (pool === undefined || clusters.some((cluster) => valueAt(cluster, "workloadIdentityConfig", "workloadPool") === pool)) {
        return;
    }
    throw new CloudError(400, `Identity Pool does not exist (${pool}). Please check that you specified a valid resource name`);
}
