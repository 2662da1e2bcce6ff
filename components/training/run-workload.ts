import type { z } from "zod";

import { RUN_VARIABLES } from "../../k8s/derived-variables";
import { withPlacements, type PlacedStack } from "../workloads/placement/placement";
import { podRequest, takenFrom, type Workload } from "../workloads/placement/workload";
import { keyOfRun, type RunConfig, type TrainingConfig, type trainingSchema } from "./config";

/** The run as the checks and the placement of workloads see it. */
export const runWorkload = (training: RunConfig): Workload => ({
    ...podRequest(training, { checkpoints: training.checkpoints, data: training.data }, training.volumes),
    at: (...path) => keyOfRun(training, ...path),
    title: `run ${training.runId}`,
    pool: training.pool,
    image: training.image,
    pods: training.nodes,
    isRun: true,
    queued: training.queue !== undefined,
    egress: training.egress,
    variables: training.variables,
    reserved: (variable) => takenFrom(RUN_VARIABLES, variable) ?? torchrun(variable),
    secrets: training.secrets,
    volumes: training.volumes,
});

const torchrun = (variable: string): string | undefined =>
    variable.startsWith("PET_") ? "configures torchrun, which the stack does from nodes and gpus" : undefined;

/** Names of the images that the runs use. TensorBoard runs in the section's own image. */
export const runImages = ({ image, runs, tensorboard }: z.output<typeof trainingSchema>): readonly string[] => [
    ...(runs?.map((run) => run.image ?? image) ?? [image]),
    ...(tensorboard ? [image] : []),
];

/** The runs as workloads. */
export const runWorkloads = ({ runs }: TrainingConfig): readonly Workload[] => runs.map(runWorkload);

/** The runs, each with the nodes of its pods. */
export const placedRuns = (training: TrainingConfig, stack: PlacedStack) => ({
    ...training,
    runs: withPlacements(training.runs, runWorkload, stack),
});
