import type { z } from "zod";

import { WORKER_VARIABLES } from "../../k8s/derived-variables";
import { keyOf } from "../config/problem";
import { deploymentWorkload } from "../workloads/deployments/workload";
import { withPlacements, type PlacedStack } from "../workloads/placement/placement";
import type { Workload } from "../workloads/placement/workload";
import type { WorkerConfig, WorkersConfig, workersSchema } from "./config";

/** A worker as the checks and the placement of workloads see it. */
export const workerWorkload = (worker: WorkerConfig, index: number): Workload =>
    deploymentWorkload("worker", worker, (...path) => keyOf("workers", "workers", index, ...path), WORKER_VARIABLES);

/** Names of the images that the workers use. */
export const workerImages = ({ workers }: z.output<typeof workersSchema>): readonly string[] => workers.map(({ image }) => image);

/** The workers as workloads. */
export const workerWorkloads = ({ workers }: WorkersConfig): readonly Workload[] => workers.map(workerWorkload);

/** The workers, each with the nodes of its pods. */
export const placedWorkers = ({ workers, ...section }: WorkersConfig, stack: PlacedStack) => ({
    ...section,
    workers: withPlacements(workers, workerWorkload, stack),
});
