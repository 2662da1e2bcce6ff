import { z } from "zod";
import { CommandError } from "../../command-line/run";
import { engineEvent, previewOfEvents } from "./engine-events";
import { jsonObjects } from "./json-objects";

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
    changeSummary: z.record(z.string(), z.number()).optional(),
});

/** A resource's state in a preview. */
export type State = z.output<typeof stateSchema>;
/** One step of a preview; a replacement is several. */
export type Step = z.output<typeof stepSchema>;
/** The part of the output of `pulumi preview --json` that is used here. https://www.pulumi.com/docs/iac/cli/commands/pulumi_preview/ */
export type Preview = z.output<typeof previewSchema>;

const COMMAND = "`pulumi preview --json`";

/**
 * Parses the output of `pulumi preview --json`: one object, or with `PULUMI_ENABLE_STREAMING_JSON_PREVIEW` a stream of events. Other lines are ignored.
 * @throws CommandError if it is something else, empty or incomplete
 */
export function parsePreview(text: string): Preview {
    if (text.trim() === "") {
        throw new CommandError(`The input is empty: there is no preview. See the error output of ${COMMAND}.`);
    }
    const objects = jsonObjects(text);
    if (objects.length === 0) {
        throw new CommandError(`This is not the output of ${COMMAND}: it has no JSON object.`);
    }
    const events = objects.flatMap((object) => engineEvent(object) ?? []);
    const previews = objects.filter(isPreview);
    if (previews.length > 1) {
        throw new CommandError(`The input has ${previews.length} previews: pass one at a time.`);
    }

    const { data, error } = previewSchema.safeParse(previews[0] ?? previewOfEvents(events));
    if (data === undefined) {
        const issue = error.issues[0];
        throw new CommandError(`This is not the output of ${COMMAND}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
    }
    const failed = data.diagnostics.some(({ severity }) => severity === "error");
    if (data.changeSummary === undefined && !failed) {
        throw new CommandError(`The preview is incomplete: it has neither a summary nor an error. See the error output of ${COMMAND}.`);
    }
    return data;
}

const FIELDS = ["steps", "changeSummary", "diagnostics"];

/** Whether an object is a preview, valid or not, and not one that a program logged. */
const isPreview = (object: unknown): boolean => FIELDS.some((field) => Object.hasOwn(object as object, field));
