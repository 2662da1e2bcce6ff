import { typeRule, type Inputs } from "../../inputs";
import type { Finding } from "../../rule";

type Job = Inputs<"kubernetes:batch/v1:Job">;

export function noTtl({ spec }: Job): Finding {
    const ttl = spec?.ttlSecondsAfterFinished;
    return ttl === undefined ? undefined : `Kubernetes removes the Job ${ttl} s after its end; the refresh after that runs it again.`;
}

export function failurePolicy({ spec }: Job): Finding {
    const rules = spec?.podFailurePolicy?.rules ?? [];
    const ignored = rules.some(
        ({ action, onPodConditions }) => action === "Ignore" && (onPodConditions ?? []).some(({ type }) => type === "DisruptionTarget"),
    );
    return ignored ? undefined : "A drained or preempted node counts as a failure of the Job.";
}

export function bounded({ spec }: Job): Finding {
    return spec?.activeDeadlineSeconds === undefined ? "The Job may hold its GPUs forever: it has no activeDeadlineSeconds." : undefined;
}

export const jobPolicies = [
    typeRule("kubernetes:batch/v1:Job", {
        name: "job-without-ttl",
        description: "Kubernetes does not delete the stack's Jobs behind Pulumi's back.",
        remedy: "Leave out ttlSecondsAfterFinished.",
        check: noTtl,
    }),
    typeRule("kubernetes:batch/v1:Job", {
        name: "job-failure-policy",
        description: "Disruptions do not count as failures of a Job.",
        remedy: "Give podFailurePolicy a rule that ignores the condition DisruptionTarget.",
        check: failurePolicy,
    }),
    typeRule("kubernetes:batch/v1:Job", {
        name: "job-deadline",
        description: "Every Job has a time limit.",
        remedy: "Set activeDeadlineSeconds.",
        check: bounded,
    }),
];
