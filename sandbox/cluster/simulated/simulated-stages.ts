/** A state transition of objects on simulated nodes. https://kwok.sigs.k8s.io/docs/user/stages-configuration/ */
interface Stage {
    readonly name: string;
    readonly kind: "Node" | "Pod";
    readonly when: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
    readonly afterMs?: number;
    readonly next: { readonly statusTemplate: string } | { readonly delete: true };
}

const ALIVE = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };
const ENDING = { key: ".metadata.deletionTimestamp", operator: "Exists" };
const phase = (...values: readonly string[]) => ({ key: ".status.phase", operator: "In", values });
const NOT_READY = { key: '.status.conditions.[] | select( .type == "Ready" ) | .status', operator: "NotIn", values: ["True"] };
const OF_A_JOB = { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] };
/** How long a Job's pod appears to run. */
const WORK_MS = 2_000;

const NODE_READY = `
conditions:
{{ range NodeConditions }}
- type: {{ .type | Quote }}
  status: {{ .status | Quote }}
  reason: {{ .reason | Quote }}
  message: {{ .message | Quote }}
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}
{{ end }}
`;

const POD_READY = `
{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
conditions:
{{ range $type := list "Initialized" "ContainersReady" "Ready" }}
- { type: {{ $type }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
{{ range .spec.readinessGates }}
- { type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- { name: {{ .name | Quote }}, image: {{ .image | Quote }}, imageID: "", restartCount: 0, ready: true, started: true, state: { running: { startedAt: {{ $now | Quote }} } } }
{{ end }}
{{ with PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) }}
podIP: {{ index . 0 | Quote }}
podIPs:
{{ range . }}
- { ip: {{ . | Quote }} }
{{ end }}
{{ end }}
`;

/** @param exitCode exit code of all containers */
const ended = (result: "Succeeded" | "Failed", exitCode: number): string => `
{{ $now := Now }}
phase: ${result}
conditions:
{{ range $type := list "ContainersReady" "Ready" }}
- { type: {{ $type }}, status: "False", lastTransitionTime: {{ $now | Quote }} }
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- { name: {{ .name | Quote }}, image: {{ .image | Quote }}, imageID: "", restartCount: 0, ready: false, started: false, state: { terminated: { exitCode: ${exitCode}, reason: ${exitCode === 0 ? "Completed" : "Error"}, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } } }
{{ end }}
`;

const STAGES: readonly Stage[] = [
    { name: "node-ready", kind: "Node", when: [NOT_READY], next: { statusTemplate: NODE_READY } },
    { name: "pod-ready", kind: "Pod", when: [ALIVE, phase("Pending")], next: { statusTemplate: POD_READY } },
    {
        name: "pod-complete",
        kind: "Pod",
        when: [ALIVE, phase("Running"), OF_A_JOB],
        afterMs: WORK_MS,
        next: { statusTemplate: ended("Succeeded", 0) },
    },
    // As with a kubelet: the Job controller evaluates how a pod ended, so the pod ends before it is deleted.
    { name: "pod-end", kind: "Pod", when: [ENDING, phase("Pending", "Running")], next: { statusTemplate: ended("Failed", 143) } },
    { name: "pod-delete", kind: "Pod", when: [ENDING, phase("Succeeded", "Failed")], next: { delete: true } },
];

/** Returns kwok's configuration file: nodes and pods become ready immediately, pods of Jobs complete, and deleted pods end. */
export function stagesFile(): string {
    return STAGES.map(({ name, kind, when, afterMs, next }) => {
        const stage = {
            apiVersion: "kwok.x-k8s.io/v1alpha1",
            kind: "Stage",
            metadata: { name },
            spec: {
                resourceRef: { apiGroup: "v1", kind },
                selector: { matchExpressions: when },
                delay: afterMs === undefined ? undefined : { durationMilliseconds: afterMs },
                next,
            },
        };
        return `${JSON.stringify(stage, undefined, 4)}\n`;
    }).join("---\n");
}
