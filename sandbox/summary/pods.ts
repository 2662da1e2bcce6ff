import type { Home } from "../home";
import { kubectlOutput } from "../commands/kubectl";
import type { KubeList, Pod } from "../kube/objects";

/** A pod with its node and the termination message of its container. */
export interface PodLine {
    readonly namespace: string;
    readonly name: string;
    readonly phase: string;
    readonly node: string;
    /** Termination message; undefined if the container is running or left none. */
    readonly lastWords: string | undefined;
}

/** Returns the pods in the sandbox's cluster. */
export async function podLines(home: Home): Promise<readonly PodLine[]> {
    const pods = await kubectlOutput(home, ["get", "pods", "--all-namespaces", "--output", "json"]);
    const { items } = JSON.parse(pods) as KubeList<Pod>;
    return items.map(({ metadata: { name, namespace = "" }, spec, status }) => ({
        namespace,
        name,
        phase: status?.phase ?? "Pending",
        node: spec.nodeName ?? "none yet",
        lastWords: status?.containerStatuses?.[0]?.state?.terminated?.message,
    }));
}
