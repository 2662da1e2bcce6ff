/** The `Status` object of an API server's error response. */
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

/** Thrown when the API server rejects a request. */
export class ApiError extends Error {
    override readonly name = "ApiError";

    constructor(
        readonly code: number,
        readonly status: ApiStatus,
    ) {
        super(status.message ?? `the API server answered ${code}`);
    }
}

/** Thrown when the API server does not respond: wrong address, wrong certificate, or nothing is listening. */
export class UnreachableError extends Error {
    override readonly name = "UnreachableError";
    /** Error code of the connection, such as `ECONNREFUSED`. */
    readonly code: string | undefined;

    constructor(server: string, cause: Error & { code?: string }) {
        const reason = cause.message === "" ? (cause.code ?? "no answer") : cause.message;
        super(
            `the Kubernetes cluster at ${server} cannot be reached: ${reason}. Check that the cluster runs, and that the provider's kubeconfig belongs to it`,
        );
        this.code = cause.code;
    }
}

/** Whether the object or its kind does not exist. */
export function isNotFound(error: unknown): boolean {
    return error instanceof ApiError && error.code === 404;
}

/** Whether the caller lacks a permission. */
export function isForbidden(error: unknown): boolean {
    return error instanceof ApiError && error.code === 403;
}
