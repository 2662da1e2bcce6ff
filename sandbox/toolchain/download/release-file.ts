const ANSWER_WITHIN_MS = 10_000;

/** The answer to a request for a release file; undefined when it is out of reach (no route, refused, not found). */
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
