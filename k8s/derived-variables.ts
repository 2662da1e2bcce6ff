/** Environment variables of a service that are derived from settings, with the name of the setting. */
export const SERVICE_VARIABLES: Readonly<Record<string, string>> = {
    PORT: "port",
    DEVICE: "images.variant",
    DRAIN_SECONDS: "drainSeconds",
    MODEL_DIR: "model",
};

/** Environment variables of a worker that are derived from settings, with the name of the setting. */
export const WORKER_VARIABLES: Readonly<Record<string, string>> = {
    DEVICE: "images.variant",
    DRAIN_SECONDS: "drainSeconds",
    MODEL_DIR: "model",
};

/** Environment variables of a run that are derived from settings, with the name of the setting. */
export const RUN_VARIABLES: Readonly<Record<string, string>> = {
    DEVICE: "images.variant",
    RUN_ID: "runId",
    REPORT_FILE: "the pod's termination message",
    HEARTBEAT_FILE: "the pod's liveness probe",
    CHECKPOINT_DIR: "checkpoints",
    DATA_DIR: "data",
    DEADLINE_SECONDS: "activeDeadlineSeconds",
    MASTER_ADDR: "nodes",
    MASTER_PORT: "nodes",
    WORLD_SIZE: "nodes",
    RANK: "nodes",
    LOCAL_RANK: "gpus",
    PET_MASTER_ADDR: "nodes",
    PET_MASTER_PORT: "nodes",
    PET_NNODES: "nodes",
    PET_NODE_RANK: "nodes",
    PET_NPROC_PER_NODE: "gpus",
};
