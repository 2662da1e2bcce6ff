/**
 * The result of `read`, or undefined if it meets a value that is unknown until the update, such as the digest of an image that is not built yet. The SDK
 * passes resources to rules behind a proxy that throws at such a value.
 */
export function whenKnown<T>(read: () => T): T | undefined {
    try {
        return read();
    } catch (error) {
        if (error instanceof Error && "unknownTypeSentinel" in error) {
            return undefined;
        }
        throw error;
    }
}
