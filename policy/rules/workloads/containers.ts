import { containerRule, type ContainerInPod } from "../../pods";
import type { Finding } from "../../rule";
import { looksSecret } from "../../../k8s/secrets/looks-secret";

/** The one capability that the Pod Security Standard `restricted` lets a container add. */
const BIND = "NET_BIND_SERVICE";

export function nonRoot({ container, pod }: ContainerInPod): Finding {
    const [own, inherited] = [container.securityContext, pod.securityContext];
    if ((own?.runAsNonRoot ?? inherited?.runAsNonRoot) !== true) {
        return "may run as root: runAsNonRoot is not true.";
    }
    return (own?.runAsUser ?? inherited?.runAsUser) === 0 ? "runs as user 0." : undefined;
}

export function noEscalation({ container: { securityContext } }: ContainerInPod): Finding {
    if (securityContext?.privileged === true) {
        return "is privileged.";
    }
    return securityContext?.allowPrivilegeEscalation === false ? undefined : "may gain privileges: allowPrivilegeEscalation is not false.";
}

export function capabilitiesDropped({ container: { securityContext } }: ContainerInPod): Finding {
    if (securityContext?.capabilities?.drop?.includes("ALL") !== true) {
        return "keeps capabilities: drop does not contain ALL.";
    }
    const added = (securityContext.capabilities.add ?? []).filter((capability) => capability !== BIND);
    return added.length === 0 ? undefined : `adds the capabilities ${added.join(", ")}.`;
}

export function readOnlyRoot({ container: { securityContext } }: ContainerInPod): Finding {
    return securityContext?.readOnlyRootFilesystem === true ? undefined : "may write to its root file system.";
}

export function seccomp({ container, pod }: ContainerInPod): Finding {
    const type = container.securityContext?.seccompProfile?.type ?? pod.securityContext?.seccompProfile?.type;
    return type === "RuntimeDefault" || type === "Localhost" ? undefined : `runs with the seccomp profile ${type ?? "of the node"}.`;
}

export function resourcesSet({ container: { resources } }: ContainerInPod): Finding {
    const missing = [
        ...["cpu", "memory", "ephemeral-storage"]
            .filter((name) => resources?.requests?.[name] === undefined)
            .map((name) => `${name} request`),
        ...["memory", "ephemeral-storage"].filter((name) => resources?.limits?.[name] === undefined).map((name) => `${name} limit`),
    ];
    return missing.length === 0 ? undefined : `has no ${missing.join(", no ")}.`;
}

export function noSecretInEnv({ container: { env } }: ContainerInPod): Finding {
    const telling = (env ?? []).filter(({ name, value }) => value !== undefined && looksSecret(name, value)).map(({ name }) => name);
    return telling.length === 0 ? undefined : `has what looks like a secret in ${telling.join(", ")}.`;
}

export const containerPolicies = [
    containerRule({
        name: "non-root",
        description: "No container runs as root.",
        remedy: "Set runAsNonRoot: true on the pod, and a user above 0.",
        check: nonRoot,
    }),
    containerRule({
        name: "no-privilege-escalation",
        description: "No container is privileged or can gain privileges.",
        remedy: "Set allowPrivilegeEscalation: false and leave privileged out.",
        check: noEscalation,
    }),
    containerRule({
        name: "capabilities-dropped",
        description: "Containers drop all Linux capabilities.",
        remedy: 'Set capabilities: { drop: ["ALL"] }.',
        check: capabilitiesDropped,
    }),
    containerRule({
        name: "read-only-root",
        description: "Containers have a read-only root file system.",
        remedy: "Set readOnlyRootFilesystem: true, and mount an emptyDir where the program writes.",
        check: readOnlyRoot,
    }),
    containerRule({
        name: "seccomp-profile",
        description: "Containers run under the runtime's seccomp profile.",
        remedy: "Set seccompProfile: { type: RuntimeDefault } on the pod.",
        check: seccomp,
    }),
    containerRule({
        name: "resources-set",
        // No CPU limit is required: it throttles the process that feeds the GPU while cores are idle, and a request already gives every pod its share.
        description: "Containers request CPU, memory and ephemeral storage, and limit memory and ephemeral storage.",
        remedy: "Set resources.requests for cpu, memory and ephemeral-storage, and resources.limits for memory and ephemeral-storage.",
        check: resourcesSet,
    }),
    containerRule({
        name: "no-secret-in-env",
        description: "No environment variable has a secret as its value.",
        remedy: "Keep it in a Kubernetes Secret or in Secret Manager, and refer to it with valueFrom or envFrom.",
        check: noSecretInEnv,
    }),
];
