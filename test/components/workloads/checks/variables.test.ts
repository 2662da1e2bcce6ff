import { readFileSync } from "node:fs";

import { expect } from "chai";
import { parse } from "yaml";

import { checkStack, reportsOf, workloadsOf } from "../../../../components/config/checks";
import { noDerivedVariables } from "../../../../components/workloads/checks/variables";
import { parseConfig } from "../../../../components/config/load";
import { remedyText } from "../../../../components/config/problem";
import { RUN_VARIABLES } from "../../../../k8s/derived-variables";
import { sound } from "../../bad-stacks";
import { edited } from "../../stack-files";

describe("variables of a workload", () => {
    it("never override a variable that the stack derives from a setting, and the message names the setting", () => {
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
                runs: config.training.runs.map((run) => ({
                    ...run,
                    variables: { CHECKPOINT_DIR: "/tmp", PET_RDZV_BACKEND: "c10d", toString: "x" },
                })),
            },
        };
        const reports = reportsOf([noDerivedVariables], { workloads: workloadsOf(changed) });
        expect(reports.map(({ key, problem, remedy }) => [key, problem, remedyText(remedy)])).to.deep.equal([
            [
                "ml-platform:inference.services[0].variables.PORT",
                "is set by the stack, which takes it from port",
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

    it("may be those of OpenTelemetry, with the service that docs/docker.md shows", () => {
        const [, example = ""] = /^\*\*Traces\.\*\*.*?```yaml\n(.*?)```/ms.exec(readFileSync("docs/docker.md", "utf8")) ?? [];
        const { "ml-platform:inference": section } = parse(example) as { "ml-platform:inference": { services: [Record<string, unknown>] } };
        const [service] = section.services;
        expect(service).to.include.keys("variables", "egress");
        const given = edited(sound, { "ml-platform:inference.services[1]": { ...service, pool: "serving", cpu: 1, memory: "2Gi" } });
        expect(checkStack(parseConfig(given, "dev"))).to.deep.equal([]);
    });
});
