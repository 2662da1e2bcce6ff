/**
 * Runs a program without the SDK's notes of where each promise was made: taking them is most of a mocked run's time. Runs must not overlap: the
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
