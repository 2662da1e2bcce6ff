import type { types } from "@pulumi/kubernetes";

/** A probe: either a path, which must return a status from 200 to 399, or a command, which must exit with 0. */
export type ProbeAction =
    { readonly path: string; readonly timeoutSeconds: number } | { readonly command: readonly string[]; readonly timeoutSeconds: number };

/** Probes of the container of a service or a worker. */
export interface Probes {
    /** Startup and readiness probe. */
    readonly ready: ProbeAction;
    /** Liveness probe. */
    readonly health: ProbeAction;
    /** Seconds that `health` may fail before the container is restarted. */
    readonly failureSeconds: number;
}

/** Period of a probe, and failures in a row until it counts as failed. */
export interface ProbeTimes {
    readonly periodSeconds: number;
    readonly failureThreshold: number;
}

/** Times of a service's readiness probe: a pod that fails twice in a row gets no more requests. */
export const READINESS = { periodSeconds: 5, failureThreshold: 2 } as const;

/** Times of a worker's readiness probe. Only rollouts wait for it, and each probe starts a process in the container. */
export const WORKER_READINESS: ProbeTimes = { periodSeconds: 10, failureThreshold: 3 };

const HEALTH_PERIOD_SECONDS = 10;

/** A probe of the container's port `http`, or of a command in it. */
export function probeOf(action: ProbeAction, times: ProbeTimes): types.input.core.v1.Probe {
    const handler = "path" in action ? { httpGet: { path: action.path, port: "http" } } : { exec: { command: [...action.command] } };
    return { ...handler, ...times, timeoutSeconds: action.timeoutSeconds };
}

/** Liveness probe: restarts the container once `health` has failed for its budget. */
export function livenessProbe({ health, failureSeconds }: Pick<Probes, "health" | "failureSeconds">): types.input.core.v1.Probe {
    const failureThreshold = Math.max(1, Math.ceil(failureSeconds / HEALTH_PERIOD_SECONDS));
    return probeOf(health, { periodSeconds: HEALTH_PERIOD_SECONDS, failureThreshold });
}
