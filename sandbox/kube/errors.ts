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

/** The API server refused a request. */
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

/** The API server did not answer: wrong address, wrong certificate, or nothing listens there. */
export class UnreachableError extends Error {
    override readonly name = "UnreachableError";
    /** Code of the failed connection, such as `ECONNREFUSED`. */
    readonly code: string | undefined;

    constructor(server: string, cause: Error & { code?: string }) {
        const reason = cause.message === "" ? (cause.code ?? "no answer") : cause.message;
        super(
            `the Kubernetes cluster at ${server} cannot be reached: ${reason}. Check that it runs, and that the kubeconfig given to the provider is that of this cluster`,
        );
        this.code = cause.code;
    }
}

/** Whether the object, or the kind of object, does not exist. */
export function isNotFound(error: unknown): boolean {
    return error instanceof ApiError && error.code === 404;
}
