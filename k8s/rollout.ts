/** Facts about a service from which its rollout follows. */
export interface RolloutFacts {
    /** Most replicas that the service has: the fixed number, or the autoscaler's maximum. */
    readonly replicas: number;
    /** Whether the pool, at its largest, has capacity for one more replica, in addition to everything else that lands on it. */
    readonly fitsOneMore: boolean;
}

/** How a Deployment replaces its pods. */
export interface Rollout {
    readonly maxSurge: number;
    readonly maxUnavailable: number;
    /** What the rollout costs in availability, when it costs any. */
    readonly warning?: string;
}

/**
 * Picks the strategy that can finish. With Kubernetes' default (25 % surge, rounded up) a service that fills its pool deadlocks: it waits for one GPU more than
 * there is (kserve#4618, LLMKube#192); so the surge is 1 only where one more replica fits, else a pod goes before its successor comes.
 */
export function rollout({ replicas, fitsOneMore }: RolloutFacts): Rollout {
    if (fitsOneMore) {
        return { maxSurge: 1, maxUnavailable: 0 };
    }
    const lost = replicas === 1 ? "the service answers nothing" : `${replicas - 1} of ${replicas} replicas answer`;
    return {
        maxSurge: 0,
        maxUnavailable: 1,
        warning:
            `the pool has room for ${replicas === 1 ? "its replica" : `its ${replicas} replicas`} and no other, so a rollout stops one before it starts the next: ` +
            `during a rollout ${lost}. One more node in the pool's maximum avoids it.`,
    };
}

/** Times of a service, in seconds. */
export interface ServiceTimes {
    /** From the container's start to the first answer: loading the model, warming up. */
    readonly coldStartSeconds: number;
    /** The longest that a request may take, and so how long a stopping pod may still answer. */
    readonly drainSeconds: number;
    /** Set where Google's load balancer sends requests to the pods. */
    readonly public?: object | undefined;
}

/** Seconds in which every node of the cluster stops sending requests to a pod that is being deleted. */
const SERVICE_SECONDS = 5;

/**
 * Seconds in which Google's load balancer starts or stops sending requests to a pod: it learns of pods through a network endpoint group, up to a minute late.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/container-native-load-balancing#align_rollouts,
 * https://github.com/kubernetes/ingress-gce/issues/2222, https://github.com/kubernetes/ingress-gce/issues/1718
 */
const LOAD_BALANCER_SECONDS = 60;

/**
 * Seconds between the deletion of a pod and its SIGTERM. Load balancers learn of the deletion at the same time as the pod; a server that stops listening at once
 * would refuse their last requests.
 */
export function preStopSeconds(times: ServiceTimes): number {
    return times.public === undefined ? SERVICE_SECONDS : LOAD_BALANCER_SECONDS;
}

/** What the kubelet adds to both: the process's own end. */
const STOP_MARGIN_SECONDS = 5;

/** Grace of a service's pod: longer than the wait before SIGTERM and the drain after it. */
export function serviceGraceSeconds(times: ServiceTimes): number {
    return preStopSeconds(times) + times.drainSeconds + STOP_MARGIN_SECONDS;
}

/** Period of the startup probe in seconds: the most that a finished start can go unnoticed. */
export const STARTUP_PERIOD_SECONDS = 5;

/** Failures of the startup probe that add up to the cold-start budget. */
export function startupFailures(times: ServiceTimes): number {
    return Math.max(1, Math.ceil(times.coldStartSeconds / STARTUP_PERIOD_SECONDS));
}

/**
 * Seconds that a pod may wait for its node and its image: a GPU node from zero, with the driver's installation, takes three to seven minutes, and an
 * image of several gigabytes some more when image streaming does not cover it.
 */
export const NODE_AND_IMAGE_SECONDS = 600;

/**
 * Seconds in which one replica must make progress: its node, its image, its cold start, and the load balancer of a public service, which a pod waits for before it is
 * ready. Kubernetes starts the count again at each replica.
 */
export function progressDeadlineSeconds(times: ServiceTimes): number {
    return NODE_AND_IMAGE_SECONDS + times.coldStartSeconds + (times.public === undefined ? 0 : LOAD_BALANCER_SECONDS);
}

/**
 * Seconds that `pulumi up` waits for the whole rollout (pulumi-kubernetes#712: the provider's own ten minutes are less than one GPU node and one large model
 * need). Nodes come in parallel, so they count once; replicas that replace one another count one by one.
 */
export function rolloutAwaitSeconds(times: ServiceTimes, replicas: number): number {
    return progressDeadlineSeconds(times) + replicas * (times.coldStartSeconds + serviceGraceSeconds(times));
}
