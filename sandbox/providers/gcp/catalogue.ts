import computeTypes from "./mapped/services/compute.json";
import otherTypes from "./resource-types.json";

/** Type of a value that is not a collection. */
export type ScalarType = "boolean" | "integer" | "number" | "string" | "object";

/** A property of a resource type, from the official provider's schema. */
export interface PropertyType {
    readonly type: ScalarType | readonly ["array" | "map", ScalarType];
    /** Default: false. */
    readonly required?: boolean;
    /** Whether a change replaces the resource. Default: false. */
    readonly replaces?: boolean;
    /** Whether the value is encrypted in the state. Default: false. */
    readonly secret?: boolean;
    /** Default value that the provider sets. */
    readonly default?: boolean | number | string;
    /** Fields of an object, or of each object in a list. Absent for a free-form object. */
    readonly fields?: Readonly<Record<string, PropertyType>>;
}

/** A resource type: its input properties and the names of its computed outputs. */
export interface ResourceType {
    readonly inputs: Readonly<Record<string, PropertyType>>;
    readonly computed: readonly string[];
}

const catalogue = new Map(Object.entries({ ...computeTypes, ...otherTypes } as unknown as Record<string, ResourceType>));

/** Finds a type by its token, such as `gcp:container/cluster:Cluster`. */
export function findResourceType(token: string): ResourceType | undefined {
    return catalogue.get(token);
}
