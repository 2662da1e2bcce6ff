import { condition, type Condition, type KubeObject, type Pod } from "../../../kube/objects";
import { describeExit, lastEvent, worstTrouble } from "./pod-trouble";
import { failed, podsOf, ready, waiting, type Readiness, type Related, type Verdict, type Witness } from "./readiness";

interface Job extends KubeObject {
    readonly spec?: { readonly suspend?: boolean };
    readonly status?: {
        readonly active?: number;
        readonly succeeded?: number;
        readonly failed?: number;
        readonly startTime?: string;
        readonly conditions?: readonly Condition[];
    };
}

/** A Job is ready when it is complete. */
export const jobReadiness: Readiness = {
    timeoutSeconds: 600,
    related: ["pods", "events"],
    verdict: (object, related) => jobVerdict(object, related),
};

function jobVerdict(job: Job, related: Related): Verdict {
    const conditions = job.status?.conditions;
    if (condition(conditions, "Complete")?.status === "True") {
        return ready;
    }
    const pods = podsOf(job, related);
    const failure = condition(conditions, "Failed");
    if (failure?.status === "True") {
        const exit = lastExit(pods);
        const message = `the Job failed: ${[failure.reason, failure.message].filter(Boolean).join(": ")}`;
        return failed(exit === undefined ? message : `${message}\n${exit.message}`, exit?.witness);
    }
    if (job.spec?.suspend === true) {
        return waiting("[1/2] the Job is suspended: waiting until it is resumed");
    }
    if (job.status?.startTime === undefined) {
        const event = lastEvent(job, related.events ?? []);
        return waiting(`[1/2] waiting for the Job to start${event === undefined ? "" : `: ${event}`}`);
    }
    const unfinished = pods.filter((pod) => pod.status?.phase !== "Failed");
    const trouble = worstTrouble(unfinished, related.events ?? []);
    if (trouble?.permanent === true) {
        return failed(trouble.message, trouble.witness);
    }
    const refused = unfinished.length === 0 ? lastEvent(job, related.events ?? [], "FailedCreate") : undefined;
    if (refused?.includes("violates PodSecurity")) {
        return failed(`the pods are refused: ${refused}`);
    }
    const { active = 0, succeeded = 0, failed: failures = 0 } = job.status;
    const because = trouble?.message ?? refused;
    return waiting(
        `[2/2] waiting for the Job to complete: ${active} active, ${succeeded} succeeded, ${failures} failed${because === undefined ? "" : `: ${because}`}`,
        trouble?.witness ?? runningWitness(unfinished),
    );
}

/** Describes how the most recently failed pod ended. */
function lastExit(pods: readonly Pod[]): { readonly message: string; readonly witness: Witness } | undefined {
    const exits = pods.flatMap((pod) =>
        [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].flatMap((container) => {
            const terminated = container.state?.terminated ?? container.lastState?.terminated;
            return terminated === undefined || terminated.exitCode === 0 ? [] : [{ pod, container, terminated }];
        }),
    );
    const last = exits.reduce<(typeof exits)[number] | undefined>(
        (latest, exit) =>
            latest === undefined || (exit.terminated.finishedAt ?? "") >= (latest.terminated.finishedAt ?? "") ? exit : latest,
        undefined,
    );
    if (last === undefined) {
        return undefined;
    }
    const previous = last.container.state?.terminated === undefined;
    return {
        message: `pod ${last.pod.metadata.name}: container ${last.container.name}: ${describeExit(last.terminated)}`,
        witness: { pod: last.pod.metadata.name, container: last.container.name, previous },
    };
}

/** Returns the running container, to show the end of its log after a timeout. */
function runningWitness(pods: readonly Pod[]): Witness | undefined {
    for (const pod of pods) {
        const container = pod.status?.containerStatuses?.find((candidate) => candidate.state?.running !== undefined);
        if (container !== undefined) {
            return { pod: pod.metadata.name, container: container.name, previous: false };
        }
    }
    return undefined;
}
