import { RUN_VARIABLES } from "../../k8s/derived-variables";
import { keyOf } from "../config/problem";
import { placementsOf, type PlacedStack } from "../workloads/placement/placement";
import { podRequest, takenFrom, type Workload } from "../workloads/placement/workload";
import type { TrainingConfig } from "./config";

/** The run as the checks and the placement of workloads see it. */
export const runWorkload = (training: TrainingConfig): Workload => ({
    ...podRequest(training, [training.checkpoints, training.data]),
    at: (...path) => keyOf("training", ...path),
    title: `run ${training.runId}`,
    pool: training.pool,
    pods: training.nodes,
    egress: training.egress,
    variables: training.variables,
    reserved: (variable) => takenFrom(RUN_VARIABLES, variable) ?? torchrun(variable),
    secretAdvice: "Remove it, and put it into a Kubernetes Secret that training.secrets names.",
});

const torchrun = (variable: string): string | undefined =>
    variable.startsWith("PET_") ? "configures torchrun, which the stack does from nodes and gpus" : undefined;

/** The run as workloads. */
export const runWorkloads = (training: TrainingConfig): readonly Workload[] => [runWorkload(training)];

/** The run with the nodes that its pods land on. */
export const placedRun = (training: TrainingConfig, stack: PlacedStack) => ({
    ...training,
    placement: placementsOf(stack)(runWorkload(training)),
});
