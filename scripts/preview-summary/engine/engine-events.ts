import { z } from "zod";

const state = z.looseObject({}).nullish();

const eventSchema = z.object({
    preludeEvent: z.object({ config: z.record(z.string(), z.string()).nullish() }).optional(),
    diagnosticEvent: z
        .object({ urn: z.string().optional(), message: z.string(), severity: z.string(), ephemeral: z.boolean().optional() })
        .optional(),
    policyEvent: z.object({ resourceUrn: z.string().optional(), message: z.string(), enforcementLevel: z.string() }).optional(),
    resourcePreEvent: z
        .object({
            metadata: z.object({
                op: z.string(),
                urn: z.string(),
                old: state,
                new: state,
                keys: z.array(z.string()).nullish(),
                diffs: z.array(z.string()).nullish(),
                detailedDiff: z.record(z.string(), z.object({ diffKind: z.string() })).nullish(),
            }),
        })
        .optional(),
    summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()).nullish() }).optional(),
});

/** Streaming output of the engine: one event per line. https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go */
export type EngineEvent = z.output<typeof eventSchema>;

/** A JSON object as an event; undefined if it is not one. */
export function engineEvent(object: unknown): EngineEvent | undefined {
    const isEvent = typeof object === "object" && object !== null && "sequence" in object && "timestamp" in object;
    return isEvent ? eventSchema.safeParse(object).data : undefined;
}

/** The events of a preview, as the object that the engine prints without streaming. */
export function previewOfEvents(events: readonly EngineEvent[]): object {
    const summary = events.findLast(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent;
    return {
        config: events.find(({ preludeEvent }) => preludeEvent !== undefined)?.preludeEvent?.config ?? undefined,
        steps: events.flatMap(({ resourcePreEvent }) => (resourcePreEvent === undefined ? [] : [step(resourcePreEvent.metadata)])),
        diagnostics: events.flatMap(diagnostics),
        changeSummary: summary === undefined ? undefined : (summary.resourceChanges ?? {}),
    };
}

function step({ op, urn, old, new: fresh, keys, diffs, detailedDiff }: NonNullable<EngineEvent["resourcePreEvent"]>["metadata"]): object {
    const kinds = Object.entries(detailedDiff ?? {}).map(([path, { diffKind }]) => [path, { kind: diffKind }] as const);
    return { op, urn, oldState: old, newState: fresh, replaceReasons: keys, diffReasons: diffs, detailedDiff: Object.fromEntries(kinds) };
}

/** A violation of a mandatory policy fails a preview, as an error of the program does. */
function diagnostics({ diagnosticEvent, policyEvent }: EngineEvent): object[] {
    if (policyEvent?.enforcementLevel === "mandatory") {
        return [{ urn: policyEvent.resourceUrn, message: withoutMarkup(policyEvent.message), severity: "error" }];
    }
    if (diagnosticEvent === undefined || diagnosticEvent.ephemeral === true) {
        return [];
    }
    return [{ ...diagnosticEvent, message: withoutMarkup(diagnosticEvent.message) }];
}

/** The engine's events contain markup for colors, such as `<{%fg 1%}>`. */
const withoutMarkup = (text: string): string => text.replaceAll(/<\{%.*?%\}>/g, "");
