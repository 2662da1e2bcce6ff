import type { JsonObject } from "../../../cloud/json";
import type { Entry } from "../../../cloud/ledger";
import type { NameRule } from "./name-rule";
import type { Properties } from "../../property-values";
import type { ApiClient } from "./api-client";

/** A resource of the API, as Pulumi properties. */
export interface Current {
    readonly id: string;
    /** Inputs that would create this resource. */
    readonly inputs: JsonObject;
    /** All properties of the resource. */
    readonly outputs: JsonObject;
}

/** Thrown when a resource exists but is not usable. */
export class HalfCreated extends Error {
    constructor(
        readonly current: Current,
        problem: string,
    ) {
        super(problem);
    }
}

/** What the provider knows about a type without a request to the API. */
export interface TypeFacts {
    /** Absent if names of this type are neither generated nor checked. */
    readonly name?: NameRule;
    /** Property that defaults to the provider's region. */
    readonly regional?: "location" | "region";
    /** Property that defaults to the provider's zone, if one is configured. */
    readonly zonal?: "location" | "zone";
    /** Returns the computed outputs that are already known when a creation is previewed. Some inputs can be unknown. */
    readonly predicted?: (inputs: JsonObject) => JsonObject;
    /** Nested properties that the cloud computes, such as `masterAuth.clusterCaCertificate`. */
    readonly filledIn?: readonly (readonly string[])[];
    /** Inputs that the API fills in if the program omits them. They are unknown in a preview. Default: none. */
    readonly optionalComputed?: readonly string[];
    /** Values of inputs that the official provider sets if the program omits them. Default: none. */
    readonly defaults?: JsonObject;
    /** Returns inputs that replace the resource with these changes, though other changes of them do not. Default: none. */
    readonly replaces?: (before: JsonObject, after: JsonObject) => readonly string[];
    /** Text inputs whose case does not matter. Default: none. */
    readonly ignoresCase?: readonly string[];
}

/** A resource type that the provider manages through Google's API. */
export interface MappedType extends TypeFacts {
    /** Returns the resource's ID in the official provider. */
    id(inputs: JsonObject): string;
    create(api: ApiClient, inputs: JsonObject): Promise<Current>;
    /**
     * Reads a resource.
     * @param given the program's inputs; undefined for an import
     * @returns undefined if the resource does not exist
     */
    read(api: ApiClient, id: string, given: JsonObject | undefined): Promise<Current | undefined>;
    /** @param inputs the complete new configuration */
    update(api: ApiClient, id: string, inputs: JsonObject, oldInputs: Properties): Promise<Current>;
    /** Deletes the resource if it exists. */
    delete(api: ApiClient, id: string, inputs: JsonObject): Promise<void>;
    /** Returns the ID of the resource with these inputs, if it is in the ledger. */
    findIn(ledger: readonly Entry[], inputs: JsonObject): string | undefined;
}
