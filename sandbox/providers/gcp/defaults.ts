import { createHash, randomBytes } from "node:crypto";
import type { PropertyType } from "../../cloud/catalogue";
import type { Behaviour, NameRule } from "../../cloud/service";
import type { Properties, PropertyValue } from "../property-values";

/** The part of the provider's configuration (`gcp:project` and so on) that resources inherit. */
export interface ProviderConfig {
    readonly project?: string;
    readonly region?: string;
    readonly zone?: string;
}

/** The input that lists which other inputs the provider filled in; the official provider keeps the same. */
export const DEFAULTS = "__defaults";

/** The names of the inputs that the provider filled in itself. */
export function defaultedNames(inputs: Properties | undefined): readonly string[] {
    const names = inputs?.[DEFAULTS];
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
}

/**
 * The inputs that the program left out and the provider decides: schema defaults, project and location of the provider's configuration, and a
 * generated name. A name that was generated before is kept.
 */
export function fillIn(request: {
    readonly types: Readonly<Record<string, PropertyType>>;
    readonly behaviour: Behaviour;
    readonly config: ProviderConfig;
    readonly logicalName: string;
    readonly inputs: Properties;
    readonly oldInputs: Properties | undefined;
    readonly randomSeed: Uint8Array;
}): Record<string, PropertyValue> {
    const { types, behaviour, config, inputs, oldInputs } = request;
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
    offer(behaviour.zonal, config.zone);
    offer(behaviour.regional, config.region);
    if (behaviour.name !== undefined) {
        const { property } = behaviour.name;
        const kept = defaultedNames(oldInputs).includes(property) ? oldInputs?.[property] : undefined;
        offer(property, kept ?? generateName(behaviour.name, request.logicalName, request.randomSeed));
    }
    return filled;
}

/** The logical name in lower case, and seven random hexadecimal digits, as the official provider names resources. */
export function generateName({ separator = "-" }: NameRule, logicalName: string, seed: Uint8Array): string {
    const random = createHash("sha256")
        .update(seed.length > 0 ? seed : randomBytes(32))
        .update(logicalName)
        .digest("hex")
        .slice(0, 7);
    const name = logicalName.toLowerCase();
    return `${separator === "" ? name.replaceAll("-", "") : name}${separator}${random}`;
}
