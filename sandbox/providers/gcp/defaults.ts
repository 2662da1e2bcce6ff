import { createHash, randomBytes } from "node:crypto";
import type { PropertyType } from "./catalogue";
import type { NameRule } from "./mapped/name-rule";
import type { Properties, PropertyValue } from "../property-values";
import type { MappedType } from "./mapped/mapped-type";

/** The part of the provider's configuration (such as `gcp:project`) that resources inherit. */
export interface ProviderConfig {
    readonly project?: string;
    readonly region?: string;
    readonly zone?: string;
}

/** Input with the names of the inputs that the provider filled in, as in the official provider. */
export const DEFAULTS = "__defaults";

/** Returns the names of the inputs that the provider filled in. */
export function defaultedNames(inputs: Properties | undefined): readonly string[] {
    const names = inputs?.[DEFAULTS];
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/**
 * Fills in inputs that the program omits: schema defaults, the provider's project and location, and a generated name. An earlier generated
 * name is kept.
 */
export function fillIn(request: {
    readonly types: Readonly<Record<string, PropertyType>>;
    readonly facts: MappedType;
    readonly config: ProviderConfig;
    readonly logicalName: string;
    readonly inputs: Properties;
    readonly oldInputs: Properties | undefined;
    readonly randomSeed: Uint8Array;
}): Record<string, PropertyValue> {
    const { types, facts, config, inputs, oldInputs } = request;
    const filled: Record<string, PropertyValue> = {};
    const offer = (property: string | undefined, value: PropertyValue | undefined) => {
        if (property === undefined || value === undefined) {
            return;
        }
        const type = types[property];
        if (type === undefined || type.required === true || property in filled) {
            return;
        }
        if (inputs[property] === undefined || inputs[property] === null) {
            filled[property] = value;
        }
    };
    for (const [property, type] of Object.entries(types)) {
        offer(property, type.default);
    }
    offer("project", config.project);
    offer(facts.zonal, config.zone);
    offer(facts.regional, config.region);
    if (facts.name !== undefined) {
        const { property } = facts.name;
        const kept = defaultedNames(oldInputs).includes(property) ? oldInputs?.[property] : undefined;
        offer(property, kept ?? generateName(facts.name, request.logicalName, request.randomSeed));
    }
    return filled;
}

/** Generates a name as the official provider does: the logical name in lower case and seven random hexadecimal digits. */
export function generateName({ separator = "-" }: NameRule, logicalName: string, seed: Uint8Array): string {
    const random = createHash("sha256")
        .update(seed.length > 0 ? seed : randomBytes(32))
        .update(logicalName)
        .digest("hex")
        .slice(0, 7);
    const name = logicalName.toLowerCase();
    return `${separator === "" ? name.replaceAll("-", "") : name}${separator}${random}`;
}
