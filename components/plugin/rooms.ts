import { acceleratorZones } from "../../gke/gpu-machines";
import { regionOf } from "../../gke/zones";
import { checkStack } from "../checks";
import { clusterSchema, resolveCluster } from "../config/cluster";
import { resolvePool, type poolSchema } from "../config/pool";
import type { StackConfig } from "../config/stack";
import { projectName } from "../problem";
import type { z } from "zod";
import type { InputProblem } from "./offer";

/** Where defaults of the rooms come from: an offer has none that depend on a stack. */
const SITE = { region: "us-central1", production: false } as const;

/** A configuration with only the rooms that an offered component is about. */
export const stackOf = (rooms: Partial<StackConfig>): StackConfig => ({
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
    ...rooms,
});

/** The cluster of a workload, of which only the workload's pool is known: it is wherever the pool's accelerator is. */
export function clusterWith(pool: z.output<typeof poolSchema>) {
    const { machineType } = resolvePool(pool, "");
    const region = regionOf(pool.zones[0] ?? acceleratorZones(pool.accelerator, machineType)[0] ?? SITE.region);
    return resolveCluster({ ...clusterSchema.parse({}), pools: [pool] }, { ...SITE, region });
}

/**
 * What the cross-checks of a stack say of its rooms, by the inputs that these came from.
 * @param inputs paths of inputs, by the path of the configuration that they became: `inference.services[0]` → `service`
 */
export function crossChecks(config: StackConfig, inputs: Readonly<Record<string, string>>): readonly InputProblem[] {
    return checkStack(config).flatMap(({ key, problem }) =>
        Object.entries(inputs)
            .map(([room, input]) => [`${projectName}:${room}`, input] as const)
            .filter(([room]) => key.startsWith(room))
            .map(([room, input]) => ({ path: `${input}${key.slice(room.length)}`.replace(/^\./, ""), problem })),
    );
}
