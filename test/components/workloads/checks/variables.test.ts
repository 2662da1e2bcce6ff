import { expect } from "chai";

import { reportsOf, workloadsOf } from "../../../../components/config/checks";
import { looksSecret, noDerivedVariables } from "../../../../components/workloads/checks/variables";
import { parseConfig } from "../../../../components/config/load";
import { remedyText } from "../../../../components/config/problem";
import { RUN_VARIABLES } from "../../../../k8s/derived-variables";
import { sound } from "../../bad-stacks";
import { edited } from "../../stack-files";

describe("variables of a workload", () => {
    it("never override what the stack derives from a setting, and the message names the setting", () => {
        const given = edited(sound, {
            "ml-platform:inference.services[0].variables": { OMP_NUM_THREADS: "4" },
            "ml-platform:training.variables": { NCCL_DEBUG: "INFO" },
        });
        const config = parseConfig(given, "dev");
        const services = config.inference?.services.map((service) => ({ ...service, variables: { PORT: "9000", LOG_LEVEL: "debug" } }));
        const changed = {
            ...config,
            inference: { namespace: "inference", services: services ?? [] },
            training: config.training && {
                ...config.training,
                variables: { CHECKPOINT_DIR: "/tmp", PET_RDZV_BACKEND: "c10d", toString: "x" },
            },
        };
        const reports = reportsOf([noDerivedVariables], { workloads: workloadsOf(changed) });
        expect(reports.map(({ key, problem, remedy }) => [key, problem, remedyText(remedy)])).to.deep.equal([
            [
                "ml-platform:inference.services[0].variables.PORT",
                "is set by the stack, which takes it from the port of the image",
                "pulumi config rm --path 'ml-platform:inference.services[0].variables.PORT'",
            ],
            [
                "ml-platform:training.variables.CHECKPOINT_DIR",
                "is set by the stack, which takes it from checkpoints",
                "pulumi config rm --path 'ml-platform:training.variables.CHECKPOINT_DIR'",
            ],
            [
                "ml-platform:training.variables.PET_RDZV_BACKEND",
                "configures torchrun, which the stack does from nodes and gpus",
                "pulumi config rm --path 'ml-platform:training.variables.PET_RDZV_BACKEND'",
            ],
        ]);
        expect(Object.keys(RUN_VARIABLES)).to.include.members(["RANK", "WORLD_SIZE", "DATA_DIR"]);
    });
});

describe("looksSecret", () => {
    const secrets: readonly (readonly [string, string])[] = [
        ["HF_TOKEN", "abc"],
        ["HF_TOKEN_IDENTITY", "abc"],
        ["WANDB_API_KEY", "0123"],
        ["AWS_SECRET_ACCESS_KEY", "x"],
        ["DB_PASSWORD", "x"],
        ["DATABASE_URL", "postgres://user:pass@db/ml"],
        ["REDIS_URL", "redis://:pass@cache:6379"],
        ["MODEL", "hf_abcdefghijklmnopqrstuvwx"],
        ["PEM", "-----BEGIN RSA PRIVATE KEY-----"],
    ];
    const plain: readonly (readonly [string, string])[] = [
        ["TOKENIZERS_PARALLELISM", "false"],
        ["EOS_TOKEN", "</s>"],
        ["PAD_TOKEN_ID", "0"],
        ["TOKEN_LIMITS", "512"],
        ["MAX_TOKENS", "512"],
        ["SORT_KEY", "name"],
        ["GOOGLE_APPLICATION_CREDENTIALS", "/var/run/key.json"],
        ["MLFLOW_TRACKING_URI", "http://mlflow.tracking:5000"],
        ["API_KEY", ""],
    ];

    it("tells a secret by its name or its value", () => {
        expect(secrets.filter((secret) => !looksSecret(...secret))).to.deep.equal([]);
        expect(plain.filter((variable) => looksSecret(...variable))).to.deep.equal([]);
    });
});
