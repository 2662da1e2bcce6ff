/**
 * What `read` gives, or undefined where it comes upon a value that is not known before the update, such as the digest of an image that is yet to be built. The SDK
 * hands rules their resources behind a proxy that throws at such a value.
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
