import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { RawConfig } from "../../components/config/handed-over";
import type { Problem } from "../../components/config/problem";
import { findMappedType } from "../../sandbox/providers/gcp/mapped/all";
import { problemsOf } from "../components/problems-of";
import { outputs, type Declared } from "../components/recorded";
import { runProgram } from "../components/run-program";
import { edited, stackFile } from "../components/stack-files";
import { withoutStackTraces } from "../components/without-stack-traces";
import { analyze, type Violation } from "../policy/analyze";

/** What a copy of the project does in which all recipes were followed. */
export interface Results {
    /** Resources of a stack that uses the new accelerator, the new field of a pool and the new kind of workload. */
    readonly resources: readonly Declared[];
    /** Problems of a stack that breaks the new check, and whose new workload does not fit its pool. */
    readonly problems: readonly Problem[];
    /** Violations of a Job that breaks the new policy rule. */
    readonly violations: readonly Violation[];
    /** ID of a resource of the new simulated type. */
    readonly id: string | undefined;
}

async function results(section: string): Promise<Results> {
    const stack = edited(stackFile("sandbox"), {
        "ml-platform:build": undefined,
        "ml-platform:cluster.pools[0].accelerator": "nvidia-example",
        "ml-platform:cluster.pools[0].diskType": "pd-ssd",
        "ml-platform:cluster.pools[1].maxNodes": 2,
        ...(parse(section) as RawConfig),
    });
    const job = { type: "kubernetes:batch/v1:Job", name: "job", protect: false, props: { spec: { backoffLimit: 11 } } };
    return {
        resources: await declaredBy(stack),
        problems: problemsOf(edited(stack, { "ml-platform:registry.keepNewest": 1, "ml-platform:schedules.schedules[0].gpus": 3 })),
        violations: await analyze(job),
        id: findMappedType("gcp:compute/httpHealthCheck:HttpHealthCheck")?.id({ project: "p", name: "live" }),
    };
}

/** The resources that the program declares, against mocks. */
async function declaredBy(config: RawConfig): Promise<readonly Declared[]> {
    const resources: Declared[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs }) => {
                const declared = { type, name, inputs: inputs as Declared["inputs"] };
                resources.push(declared);
                return { id: `${name}-id`, state: { name, ...declared.inputs, ...outputs(declared) } };
            },
            call: ({ inputs }) => inputs as object,
        },
        "ml-platform",
        "sandbox",
    );
    await withoutStackTraces(() => runProgram(config));
    return resources;
}

if (require.main === module) {
    void results(process.argv[2] ?? "").then((found) => process.stdout.write(JSON.stringify(found)));
}
