import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { schemaFindings } from "../config/schema/schema-findings";
import { knownValue } from "../config/pulumi-sdk";
import { keyOf, projectName, type Path } from "../config/problem";
import type { InputProblem, Offer } from "./offer";

/** Valid inputs of a component, with all defaults. */
export interface SoundInputs {
    readonly plain: Record<string, unknown>;
    readonly linked: Record<string, pulumi.Output<string>>;
}

/** An input as the engine passes it. */
interface Given {
    readonly name: string;
    /** Undefined while unknown during preview. */
    readonly value: unknown;
    readonly output: pulumi.Output<unknown>;
    readonly secret: boolean;
}

/**
 * Reads the inputs of a component.
 * @throws InputPropertiesError with every problem at once, each with the path of its input
 * @throws Error that names the plain inputs which are secrets
 */
export async function soundInputs(offer: Offer, inputs: pulumi.Inputs): Promise<SoundInputs> {
    const entries = Object.entries(inputs).filter(([, value]) => value !== undefined);
    const given = await Promise.all(entries.map(([name, value]) => read(name, pulumi.output<unknown>(value))));
    const linked = given.filter(({ name }) => name in offer.linked.shape);
    const plain = given.filter((input) => !linked.includes(input));
    refuseSecrets(plain);
    refuse([...plain.flatMap(notKnown), ...findings(offer.plain, plain), ...findings(offer.linked, linked)]);
    const parsed = offer.plain.parse(valuesOf(plain));
    const names = linked.map(({ name }) => name);
    refuse(offer.problems?.(parsed, names) ?? []);
    return { plain: parsed, linked: Object.fromEntries(linked.map(({ name, output }) => [name, output as pulumi.Output<string>])) };
}

async function read(name: string, output: pulumi.Output<unknown>): Promise<Given> {
    return { name, output, value: await knownValue(output), secret: await pulumi.isSecret(output) };
}

const valuesOf = (given: readonly Given[]) => Object.fromEntries(given.map(({ name, value }) => [name, value]));

/** A plain input would not stay secret. The engine prints the value of an input with a problem, so this is a separate error. */
function refuseSecrets(plain: readonly Given[]): void {
    const secrets = plain.filter(({ secret }) => secret).map(({ name }) => name);
    if (secrets.length > 0) {
        throw new Error(`nothing was created: ${secrets.join(", ")} would be plain text in the state; pass values without secrets`);
    }
}

/** A plain input decides what is created, so it cannot be unknown. */
const notKnown = ({ name, value }: Given): readonly InputProblem[] =>
    value === undefined
        ? [{ path: name, problem: "is unknown until another resource exists, but decides what is created: pass a plain value" }]
        : [];

/** The problems that a schema finds, except in values that are unknown, or that a message must not show. */
function findings(schema: z.ZodType, given: readonly Given[]): readonly InputProblem[] {
    const passed = given.filter(({ value, secret }) => value === undefined || secret).map(({ name }) => name);
    return schemaFindings(schema, valuesOf(given))
        .filter(({ path: [name] }) => !passed.includes(String(name)))
        .map(({ path, problem }) => ({ path: inputPath(path), problem }));
}

/** `cluster.pools[0].maxNodes`: a key of the configuration without the project's namespace. */
const inputPath = ([first, ...rest]: Path): string => keyOf(String(first), ...rest).slice(`${projectName}:`.length);

function refuse(problems: readonly InputProblem[]): void {
    if (problems.length > 0) {
        throw new pulumi.InputPropertiesError({
            message: "its inputs are not valid, and nothing was created",
            errors: problems.map(({ path, problem }) => ({ propertyPath: path, reason: problem })),
        });
    }
}
