/**
 * Runs a program without the SDK's stack traces of promises, which take most of the time of a mocked run. Runs must not overlap: the
 * second one would restore the first one's limit, and later imports in the process would fail.
 */
export async function withoutStackTraces<T>(run: () => Promise<T>): Promise<T> {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
        return await run();
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
}
