import type { KubeClient } from "../client/client";
import type { Witness } from "./readiness";

const lines = 10;

/** The end of a container's log, as one reason to show; nothing where there is no log to be had. */
export async function lastWords(client: KubeClient, namespace: string, witness: Witness): Promise<string[]> {
    try {
        const log = await client.text({
            method: "GET",
            path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(witness.pod)}/log`,
            query: { container: witness.container, tailLines: String(lines), previous: String(witness.previous) },
            signal: AbortSignal.timeout(10_000),
        });
        const end = log.trimEnd();
        return end === ""
            ? []
            : [`the log of pod ${witness.pod}, container ${witness.container}, ends with:\n${end.replace(/^/gm, "    ")}`];
    } catch {
        // The node may be gone, or the container removed; the verdict stands without its log.
        return [];
    }
}
