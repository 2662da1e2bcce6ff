const REASONS: Readonly<Record<number, string>> = {
    400: "badRequest",
    403: "forbidden",
    404: "notFound",
    409: "alreadyExists",
    500: "backendError",
};

/** An error of the simulated API, worded like the errors of Google's client libraries. */
export class CloudError extends Error {
    /**
     * @param code HTTP status code
     * @param detail what is wrong, as a phrase without a final period
     */
    constructor(
        readonly code: number,
        readonly detail: string,
    ) {
        const reason = REASONS[code];
        super(`googleapi: Error ${code}: ${detail}${reason === undefined ? "" : `, ${reason}`}`);
    }
}
