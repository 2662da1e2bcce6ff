import { type Preview, parsePreview } from "../../../scripts/preview-summary/engine/preview";

/** The fields of a step that a test sets; the rest is as the engine prints it. */
export interface StepOf {
    readonly op: string;
    readonly type: string;
    readonly name?: string;
    readonly old?: object;
    readonly new?: object;
    readonly diff?: readonly string[];
    readonly replace?: readonly string[];
}

/** A preview of these steps. */
export function previewOf(steps: readonly StepOf[], rest: object = {}): Preview {
    return parsePreview(
        JSON.stringify({
            changeSummary: {},
            ...rest,
            steps: steps.map(({ op, type, name = "it", old, new: fresh, diff = [], replace = [] }) => ({
                op,
                urn: `urn:pulumi:dev::ml-platform::ml-platform:index:Parent$${type}::${name}`,
                oldState: old && { custom: true, ...old },
                newState: fresh && { custom: true, ...fresh },
                detailedDiff: Object.fromEntries([
                    ...diff.map((field) => [field, { kind: "update", inputDiff: false }]),
                    ...replace.map((field) => [field, { kind: "update-replace", inputDiff: false }]),
                ]) as object,
            })),
        }),
    );
}
