import type { Change } from "../engine/change";
import type { Consequence } from "../classes";
import { code, knownDigest, shown } from "../engine/values";
import { undone } from "../wording";

/** Training runs that start and end. */
export function trainingConsequence(change: Change): Consequence | undefined {
    if (change.type !== "kubernetes:batch/v1:Job") {
        return undefined;
    }
    const run = code(shown((change.old ?? change.new)?.inputs, "metadata", "name") ?? change.name);
    if (change.action === "create") {
        const image = knownDigest(shown(change.new?.inputs, "spec", "template", "spec", "containers", 0, "image"));
        return { class: "run-started", text: `Run ${run} starts with ${image === undefined ? "the image that is built" : code(image)}` };
    }
    if (change.action === "update") {
        return undefined;
    }
    const starts = change.action === "replace" ? ", and starts again" : "";
    return hasEnded(change)
        ? { class: "removed", text: `The record of run ${run}, which has ended, is ${undone(change)}${starts}` }
        : { class: "run-ended", text: `Run ${run} is ended${starts}: its Job is ${undone(change)}` };
}

/** Whether the run had ended at the last refresh of the state. https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions */
function hasEnded({ old }: Change): boolean {
    const status = old?.outputs.status;
    const conditions = typeof status === "object" && status !== null && "conditions" in status ? status.conditions : undefined;
    return (
        Array.isArray(conditions) &&
        conditions.some(
            (condition: { type?: unknown; status?: unknown }) =>
                ["Complete", "Failed"].includes(String(condition.type)) && condition.status === "True",
        )
    );
}
