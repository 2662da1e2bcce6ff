/** The work of the replicas of a Deployment, for a warning. */
export interface ReplicaWork {
    /** The effect while no replica runs: `the service answers nothing`. */
    readonly none: string;
    /** The work of the remaining replicas: `answer`. */
    readonly some: string;
}

/** Facts about a Deployment that determine its rollout. */
export interface RolloutFacts {
    /** Maximum number of replicas: the fixed number, or the autoscaler's maximum. */
    readonly replicas: number;
    /** Whether the pool, at its largest, has capacity for one more replica, in addition to all other workloads on it. */
    readonly fitsOneMore: boolean;
    readonly work: ReplicaWork;
}

/** Rollout strategy of a Deployment. */
export interface Rollout {
    readonly maxSurge: number;
    readonly maxUnavailable: number;
    /** Warning if the rollout reduces availability. */
    readonly warning?: string;
}

/**
 * Picks a strategy that can finish. With Kubernetes' default (25% surge, rounded up), the rollout of a service that fills its pool deadlocks
 * (kserve#4618, LLMKube#192). The surge is therefore 1 only if one more replica fits; otherwise a pod stops before its successor starts.
 */
export function rollout({ replicas, fitsOneMore, work }: RolloutFacts): Rollout {
    if (fitsOneMore) {
        return { maxSurge: 1, maxUnavailable: 0 };
    }
    const lost = replicas === 1 ? work.none : `${replicas - 1} of ${replicas} replicas ${work.some}`;
    return {
        maxSurge: 0,
        maxUnavailable: 1,
        warning:
            `the pool has no capacity beyond ${replicas === 1 ? "its replica" : `its ${replicas} replicas`}, so a rollout stops one replica before it starts the next: ` +
            `during a rollout ${lost}. To avoid this, increase the pool's maxNodes by one.`,
    };
}

/** Times of a service, in seconds. */
export interface ServiceTimes {
    /** From the start of the container until it is ready, including loading and warming up the model. */
    readonly coldStartSeconds: number;
    /** Maximum duration of a request, and so the time that a stopping pod has to finish requests. */
    readonly drainSeconds: number;
    /** Set if Google's load balancer sends requests to the pods. */
    readonly public?: object | undefined;
}

/** Seconds until every node stops sending requests to a pod that is being deleted. */
const SERVICE_SECONDS = 5;

/**
 * Seconds until Google's load balancer starts or stops sending requests to a pod: network endpoint groups are updated with up to a minute of delay.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/container-native-load-balancing#align_rollouts,
 * https://github.com/kubernetes/ingress-gce/issues/2222, https://github.com/kubernetes/ingress-gce/issues/1718
 */
const LOAD_BALANCER_SECONDS = 60;

/**
 * Seconds between the deletion of a pod and its SIGTERM. Load balancers learn of the deletion at the same time as the pod: a server that stops listening immediately
 * would refuse their last requests.
 */
export function preStopSeconds(times: ServiceTimes): number {
    return times.public === undefined ? SERVICE_SECONDS : LOAD_BALANCER_SECONDS;
}

/** Seconds for the process to exit, added to both. */
const STOP_MARGIN_SECONDS = 5;

/** Termination grace period of a service's pod: longer than the wait before SIGTERM and the drain after it. */
export function serviceGraceSeconds(times: ServiceTimes): number {
    return preStopSeconds(times) + times.drainSeconds + STOP_MARGIN_SECONDS;
}

/** Period of the startup probe in seconds: the maximum delay until a finished start is noticed. */
export const STARTUP_PERIOD_SECONDS = 5;

/** Failures of the startup probe that add up to the cold-start budget. */
export function startupFailures(times: Pick<ServiceTimes, "coldStartSeconds">): number {
    return Math.max(1, Math.ceil(times.coldStartSeconds / STARTUP_PERIOD_SECONDS));
}

/**
 * Seconds that a pod may wait for its node and its image: a GPU node from zero, with the driver's installation, takes three to seven minutes, and
 * without image streaming, an image of several gigabytes adds to that.
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
 * need). Nodes start in parallel, so they count once; replicas that replace one another count one by one.
 */
export function rolloutAwaitSeconds(times: ServiceTimes, replicas: number): number {
    return progressDeadlineSeconds(times) + replicas * (times.coldStartSeconds + serviceGraceSeconds(times));
}

/** Times of a worker, in seconds. */
export interface WorkerTimes {
    /** From the start of the container until it takes tasks. */
    readonly coldStartSeconds: number;
    /** Time that a worker has to finish its task after SIGTERM. */
    readonly drainSeconds: number;
}

/** Termination grace period of a worker's pod: longer than the drain. */
export function workerGraceSeconds(times: WorkerTimes): number {
    return times.drainSeconds + STOP_MARGIN_SECONDS;
}

/**
 * Seconds in which one replica must make progress. A pod that drains keeps its GPU, and its successor may wait for that GPU: Kubernetes creates the successor when the
 * drain begins.
 */
export function workerProgressSeconds(times: WorkerTimes): number {
    return NODE_AND_IMAGE_SECONDS + workerGraceSeconds(times) + times.coldStartSeconds;
}

/** Seconds that `pulumi up` waits for the whole rollout: replicas that replace one another on a full pool drain one by one. */
export function workerAwaitSeconds(times: WorkerTimes, replicas: number): number {
    return workerProgressSeconds(times) + replicas * (times.coldStartSeconds + workerGraceSeconds(times));
}
