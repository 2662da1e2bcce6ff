const REASONS: Readonly<Record<number, string>> = {
    400: "badRequest",
    403: "forbidden",
    404: "notFound",
    409: "alreadyExists",
    500: "backendError",
};

/** A refusal of the simulated API, worded as Google's client libraries word theirs. */
export class CloudError extends Error {
    /**
     * @param code the HTTP status
     * @param detail what is wrong, as a phrase without a full stop
     */
    constructor(
        readonly code: number,
        readonly detail: string,
    ) {
        const reason = REASONS[code];
        super(`googleapi: Error ${code}: ${detail}${reason === undefined ? "" : `, ${reason}`}`);
    }
}
