import { ApiError, type ApiStatus } from "../../../kube/errors";

/** A field that another manager owns (https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts). */
interface FieldConflict {
    readonly field: string;
    readonly manager: string;
}

/** Returns the conflicts of a rejected server-side apply. */
function fieldConflicts(status: ApiStatus): FieldConflict[] {
    const causes = (status.details?.causes ?? []).filter((cause) => cause.reason === "FieldManagerConflict");
    return causes.map((cause) => ({
        field: cause.field ?? "?",
        manager: /conflict with "([^"]*)"/.exec(cause.message ?? "")?.[1] ?? cause.message ?? "another manager",
    }));
}

/** Explains a rejected apply. For conflicts, lists the manager of each field and the two possible fixes. */
export function explainApplyError(error: unknown): Error {
    if (!(error instanceof ApiError)) {
        return error instanceof Error ? error : new Error(String(error));
    }
    const conflicts = fieldConflicts(error.status);
    if (conflicts.length === 0) {
        return error;
    }
    const fields = conflicts.map((conflict) => `  ${conflict.field} is managed by "${conflict.manager}"`);
    return new Error(
        [
            "other managers have changed fields of this object and own them now:",
            ...fields,
            'Leave these fields out of the program, or take them over with the annotation pulumi.com/patchForce: "true"',
        ].join("\n"),
    );
}
