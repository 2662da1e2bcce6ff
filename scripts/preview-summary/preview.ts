import { z } from "zod";
import { CommandError } from "../command-line/run";

const properties = z.record(z.string(), z.unknown()).default({});

const stateSchema = z.object({
    custom: z.boolean().default(false),
    protect: z.boolean().default(false),
    retainOnDelete: z.boolean().default(false),
    inputs: properties,
    outputs: properties,
});

const stepSchema = z.object({
    op: z.string(),
    urn: z.string(),
    oldState: stateSchema.nullish(),
    newState: stateSchema.nullish(),
    diffReasons: z.array(z.string()).nullish(),
    replaceReasons: z.array(z.string()).nullish(),
    detailedDiff: z.record(z.string(), z.object({ kind: z.string() })).nullish(),
});

const previewSchema = z.object({
    config: z.record(z.string(), z.string()).default({}),
    steps: z.array(stepSchema).default([]),
    diagnostics: z
        .array(z.object({ urn: z.string().optional(), message: z.string().default(""), severity: z.string().default("") }))
        .default([]),
    changeSummary: z.record(z.string(), z.number()).default({}),
});

/** A resource's state in a preview. */
export type State = z.output<typeof stateSchema>;
/** One step of a preview; a replacement is several. */
export type Step = z.output<typeof stepSchema>;
/** What `pulumi preview --json` prints: the part that is used here. https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/ */
export type Preview = z.output<typeof previewSchema>;

/**
 * Reads what `pulumi preview --json` printed.
 * @throws CommandError where it is something else
 */
export function parsePreview(text: string): Preview {
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch {
        throw new CommandError("This is not what `pulumi preview --json` prints: it is not JSON.");
    }
    const { data, error } = previewSchema.safeParse(json);
    if (data !== undefined) return data;
    throw new CommandError(
        `This is not what \`pulumi preview --json\` prints: ${error.issues[0]?.path.join(".") ?? ""} ${error.issues[0]?.message ?? ""}`,
    );
}
