import { ApiError } from "../../../kube/errors";

/** Explains a rejected apply. For conflicts, lists the manager of each field and the two possible fixes. */
export function explainApplyError(error: unknown): Error {
    if (!(error instanceof ApiError)) {
        return error instanceof Error ? error : new Error(String(error));
    }
    // https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts
    const conflicts = (error.status.details?.causes ?? []).filter(({ reason }) => reason === "FieldManagerConflict");
    if (conflicts.length === 0) {
        return error;
    }
    const fields = conflicts.map(({ field = "?", message = "another manager" }) => {
        const manager = /conflict with "([^"]*)"/.exec(message)?.[1] ?? message;
        return `  ${field} is managed by "${manager}"`;
    });
    return new Error(
        [
            "other managers have changed fields of this object and own them now:",
            ...fields,
            'Leave these fields out of the program, or take them over with the annotation pulumi.com/patchForce: "true"',
        ].join("\n"),
    );
}
