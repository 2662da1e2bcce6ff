import types from "./resource-types.json";

/** The type of a value that is not a collection. */
export type ScalarType = "boolean" | "integer" | "number" | "string" | "object";

/** A property of a resource type, as the official provider's schema has it. */
export interface PropertyType {
    readonly type: ScalarType | readonly ["array" | "map", ScalarType];
    /** Default: false. */
    readonly required?: boolean;
    /** Whether a change needs a new resource. Default: false. */
    readonly replaces?: boolean;
    /** Whether the value is encrypted in the state. Default: false. */
    readonly secret?: boolean;
    /** What the provider fills in when the program says nothing. */
    readonly default?: boolean | number | string;
    /** The fields of an object, or of each object of a list. Absent for an object of free form. */
    readonly fields?: Readonly<Record<string, PropertyType>>;
}

/** A resource type: what it takes, and the names of what only the cloud can tell. */
export interface ResourceType {
    readonly inputs: Readonly<Record<string, PropertyType>>;
    readonly computed: readonly string[];
}

const catalogue = new Map(Object.entries(types as unknown as Record<string, ResourceType>));

/** Looks a type up by its token, such as `gcp:container/cluster:Cluster`. */
export function findResourceType(token: string): ResourceType | undefined {
    return catalogue.get(token);
}

/** The tokens of all types. */
export function resourceTypeTokens(): readonly string[] {
    return [...catalogue.keys()];
}
