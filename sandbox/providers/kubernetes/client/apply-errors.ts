import { ApiError, type ApiStatus } from "../../../kube/errors";

/** One field that another manager holds (https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts). */
interface FieldConflict {
    readonly field: string;
    readonly manager: string;
}

/** The conflicts that a refused server-side apply lists. */
function fieldConflicts(status: ApiStatus): FieldConflict[] {
    const causes = (status.details?.causes ?? []).filter((cause) => cause.reason === "FieldManagerConflict");
    return causes.map((cause) => ({
        field: cause.field ?? "?",
        manager: /conflict with "([^"]*)"/.exec(cause.message ?? "")?.[1] ?? cause.message ?? "another manager",
    }));
}

/** What a person needs to know about a refused apply: for conflicts, who holds which field and the two ways out. */
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
