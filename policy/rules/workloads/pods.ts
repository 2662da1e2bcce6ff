import { containersOf, podRule, type Pod } from "../../pods";
import type { Finding } from "../../rule";

export function noHostPath({ volumes }: Pod): Finding {
    const paths = (volumes ?? []).flatMap(({ hostPath }) => (hostPath === undefined ? [] : [hostPath.path]));
    return paths.length === 0 ? undefined : `The pod mounts ${paths.join(", ")} of its node.`;
}

export function noHostNamespaces(pod: Pod): Finding {
    const shared = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((name) => pod[name] === true);
    if (shared.length > 0) {
        return `The pod shares its node's namespaces: ${shared.join(", ")}.`;
    }
    const ports = containersOf(pod).flatMap(({ container }) => (container.ports ?? []).flatMap(({ hostPort }) => hostPort ?? []));
    return ports.length === 0 ? undefined : `The pod opens port ${ports.join(", ")} of its node.`;
}

export function ownAccount({ serviceAccountName }: Pod): Finding {
    return serviceAccountName === undefined || serviceAccountName === "default"
        ? "The pod runs as the namespace's default account."
        : undefined;
}

export function noApiToken({ automountServiceAccountToken }: Pod): Finding {
    return automountServiceAccountToken === false ? undefined : "The pod gets a token of the Kubernetes API.";
}

export const podPolicies = [
    podRule({
        name: "no-host-path",
        description: "No pod mounts a directory of its node.",
        remedy: "Use an emptyDir, a claim, or a bucket.",
        check: noHostPath,
    }),
    podRule({
        name: "no-host-namespaces",
        description: "No pod uses its node's network, ports or processes.",
        remedy: "Leave out hostNetwork, hostPID, hostIPC and hostPort.",
        check: noHostNamespaces,
    }),
    podRule({
        name: "own-service-account",
        description: "Pods run as their own Kubernetes service account.",
        remedy: "Create a ServiceAccount, bind it by Workload Identity, and name it in serviceAccountName.",
        check: ownAccount,
    }),
    podRule({
        name: "no-api-token",
        description: "Pods get no Kubernetes API token.",
        remedy: "Set automountServiceAccountToken: false.",
        check: noApiToken,
    }),
];
