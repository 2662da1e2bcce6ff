import { acceleratorZones } from "../../gke/gpu-machines";
import { regionOf } from "../../gke/zones";
import { checkStack } from "../config/checks";
import { clusterSchema, resolveCluster } from "../cluster/config";
import { resolvePool, type poolSchema } from "../cluster/pools/config";
import type { StackConfig } from "../config/stack";
import { projectName } from "../config/problem";
import type { z } from "zod";
import type { InputProblem } from "./offer";

/** Where defaults of the sections come from: an offer has none that depend on a stack. */
const SITE = { region: "us-central1", production: false } as const;

/** A configuration with only the sections that an offered component is about. */
export const stackOf = (sections: Partial<StackConfig>): StackConfig => ({
    stack: "",
    project: "",
    region: SITE.region,
    environment: "dev",
    protect: false,
    registry: undefined,
    build: undefined,
    images: undefined,
    cluster: undefined,
    inference: undefined,
    training: undefined,
    ...sections,
});

/** The cluster of a workload, of which only the workload's pool is known: it is wherever the pool's accelerator is. */
export function clusterWith(pool: z.output<typeof poolSchema>) {
    const { machineType } = resolvePool(pool, "");
    const region = regionOf(pool.zones[0] ?? acceleratorZones(pool.accelerator, machineType)[0] ?? SITE.region);
    return resolveCluster({ ...clusterSchema.parse({}), pools: [pool] }, { ...SITE, region });
}

/**
 * What the cross-checks of a stack say of its sections, by the inputs that these came from.
 * @param inputs paths of inputs, by the path of the configuration that they became: `inference.services[0]` → `service`
 */
export function crossChecks(config: StackConfig, inputs: Readonly<Record<string, string>>): readonly InputProblem[] {
    return checkStack(config).flatMap(({ key, problem }) =>
        Object.entries(inputs)
            .map(([section, input]) => [`${projectName}:${section}`, input] as const)
            .filter(([section]) => key.startsWith(section))
            .map(([section, input]) => ({ path: `${input}${key.slice(section.length)}`.replace(/^\./, ""), problem })),
    );
}
