/** The `Status` object with which an API server refuses a request. */
export interface ApiStatus {
    readonly message?: string;
    readonly reason?: string;
    readonly code?: number;
    readonly details?: {
        readonly name?: string;
        readonly kind?: string;
        readonly group?: string;
        readonly retryAfterSeconds?: number;
        readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
    };
}

/** The API server answered, and said no. */
export class ApiError extends Error {
    override readonly name = "ApiError";

    constructor(
        readonly code: number,
        readonly status: ApiStatus,
    ) {
        super(status.message ?? `the API server answered ${code}`);
    }

    /** Kubernetes' own name of the error, such as `NotFound` or `Conflict`. */
    get reason(): string {
        return this.status.reason ?? "";
    }
}

/** No answer came: wrong address, wrong certificate, or nothing listens there. */
export class UnreachableError extends Error {
    override readonly name = "UnreachableError";

    constructor(
        readonly server: string,
        cause: Error & { code?: string },
    ) {
        const reason = cause.message === "" ? (cause.code ?? "no answer") : cause.message;
        super(
            `the Kubernetes cluster at ${server} cannot be reached: ${reason}. Check that it runs, and that the kubeconfig given to the provider is that of this cluster`,
        );
    }
}

/** Whether the object, or the kind of object, does not exist. */
export function isNotFound(error: unknown): boolean {
    return error instanceof ApiError && error.code === 404;
}

/** One field that another manager holds (https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts). */
export interface FieldConflict {
    readonly field: string;
    readonly manager: string;
}

/** The conflicts that a refused server-side apply lists. */
export function fieldConflicts(status: ApiStatus): FieldConflict[] {
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
            "fields of this object were changed by somebody else since, and are theirs now:",
            ...fields,
            'Leave these fields out of the program, or take them over with the annotation pulumi.com/patchForce: "true"',
        ].join("\n"),
    );
}
