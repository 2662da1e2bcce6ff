/** Runs a program without the SDK's notes of where each promise was made: taking them is most of a mocked run's time. */
export async function withoutStackTraces<T>(run: () => Promise<T>): Promise<T> {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
        return await run();
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
    }
}
