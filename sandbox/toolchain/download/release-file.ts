const ANSWER_WITHIN_MS = 10_000;

/** Requests a release file; undefined if it is not available (no route, refused, not found). */
export async function releaseFile(url: string): Promise<Response | undefined> {
    const controller = new AbortController();
    const timer = setTimeout(() => {
        controller.abort();
    }, ANSWER_WITHIN_MS);
    try {
        const response = await fetch(url, { signal: controller.signal });
        return response.ok ? response : undefined;
    } catch {
        return undefined;
    } finally {
        clearTimeout(timer);
    }
}
