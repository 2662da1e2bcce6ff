import type { z } from "zod";
import { acceleratorZones } from "../../gke/gpu-machines";
import { regionOf } from "../../gke/zones";
import { clusterSchema, resolveCluster, type ClusterConfig } from "../cluster/config";
import { resolvePool, type poolSchema } from "../cluster/pools/config";
import { reportsOf } from "../config/checks";
import { projectName, type Report } from "../config/problem";
import { DEFAULT_REGION } from "../project/config";
import type { InputProblem } from "./offer";

/** A cluster for the checks of a workload, with the workload's pool alone, in a region that has the pool's accelerator. */
export function clusterWith(pool: z.output<typeof poolSchema>): ClusterConfig {
    const { machineType } = resolvePool(pool, "");
    const region = regionOf(pool.zones[0] ?? acceleratorZones(pool.accelerator, machineType)[0] ?? DEFAULT_REGION);
    return resolveCluster({ ...clusterSchema.parse({}), pools: [pool] }, { region, production: false });
}

/**
 * Problems that the rules of a stack find in the parts of a component, by the component's inputs.
 * @param inputs paths of inputs, by the path in the configuration: `inference.services[0]` → `service`
 */
export function crossChecks<Parts>(
    rules: readonly ((parts: Parts, report: Report) => void)[],
    parts: Parts,
    inputs: Readonly<Record<string, string>>,
): readonly InputProblem[] {
    return reportsOf(rules, parts).flatMap(({ key, problem }) =>
        Object.entries(inputs)
            .map(([section, input]) => [`${projectName}:${section}`, input] as const)
            .filter(([section]) => key.startsWith(section))
            .map(([section, input]) => ({ path: `${input}${key.slice(section.length)}`.replace(/^\./, ""), problem })),
    );
}
