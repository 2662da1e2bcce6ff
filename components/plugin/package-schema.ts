import { z } from "zod";
import { NamedTypes, tokenOf, type JsonSchema, type NamedSpec, type ObjectSpec } from "./named-types";
import type { Offer } from "./offer";

/** A component of Pulumi's package schema. */
export interface ResourceSpec extends ObjectSpec {
    readonly isComponent: true;
    readonly description: string;
    readonly inputProperties: ObjectSpec["properties"];
    readonly requiredInputs: readonly string[];
}

/** Pulumi's package schema, from which the SDKs of other languages are generated. */
export interface PackageSpec {
    readonly name: string;
    readonly version: string;
    readonly description: string;
    readonly resources: Readonly<Record<string, ResourceSpec>>;
    readonly types: Readonly<Record<string, NamedSpec>>;
    readonly language: Readonly<Record<string, { readonly respectSchemaVersion: true }>>;
}

/** The package schema of components, generated from the schemas that also check their inputs. */
export function packageSchema(
    about: Pick<PackageSpec, "name" | "version" | "description">,
    offers: Readonly<Record<string, Offer>>,
): PackageSpec {
    const types = new NamedTypes(Object.keys(offers));
    const resources = Object.entries(offers).map(([name, offer]) => [tokenOf(name), resourceSpec(offer, types)] as const);
    const language = ["nodejs", "python", "go", "csharp", "java"].map((name) => [name, { respectSchemaVersion: true }] as const);
    return { ...about, resources: Object.fromEntries(resources), types: types.all(), language: Object.fromEntries(language) };
}

function resourceSpec(offer: Offer, types: NamedTypes): ResourceSpec {
    const plain = types.object(jsonSchema(offer.plain), [], { plain: true });
    const linked = types.object(jsonSchema(offer.linked), [], {});
    return {
        isComponent: true,
        description: offer.description,
        inputProperties: { ...plain.properties, ...linked.properties },
        requiredInputs: [...plain.required, ...linked.required],
        ...types.object(jsonSchema(offer.outputs), [], {}),
    };
}

const jsonSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
