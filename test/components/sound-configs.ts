import * as fc from "fast-check";

import {
    acceleratorNames,
    acceleratorOf,
    acceleratorZones,
    capacitiesOf,
    countsOf,
    machineTypesFor,
    type AcceleratorName,
} from "../../gke/gpu-machines";
import { leftToPods } from "../../gke/allocatable";
import type { RawConfig } from "../../components/config/handed-over";
import { machineOf } from "../../gke/machine-types";
import { parseCpu, parseMemory } from "../../gke/quantities";
import { regionOf, regions, zonesOf } from "../../gke/zones";
import { FUSE_SIDECAR } from "../../k8s/volumes";

const MEBIBYTE = 2 ** 20;

const sidecarCpu = parseCpu(FUSE_SIDECAR.cpu);
const sidecarMib = parseMemory(FUSE_SIDECAR.memory) / MEBIBYTE;

/** Capacity of a node of this type for the stack's pods. */
function leftOf(machineType: string) {
    const machine = machineOf(machineType);
    if (machine === undefined) {
        throw new Error(`${machineType} is not known`);
    }
    const { cpuMillis, memoryBytes } = leftToPods(machine);
    return { cpuMillis, memoryMib: Math.floor(memoryBytes / MEBIBYTE) };
}

/** The types that fit a training pod with its sidecar; the smallest N1 types fit little more than GKE's own pods. */
const largeTypesFor = (accelerator: AcceleratorName, count: number): readonly string[] =>
    machineTypesFor(accelerator, count).filter((type) => {
        const { cpuMillis, memoryMib } = leftOf(type);
        return cpuMillis > sidecarCpu && memoryMib > sidecarMib + 2;
    });

/** The machine types of an accelerator that run in a location, by the count of GPUs. */
function typesIn(location: string, accelerator: AcceleratorName) {
    const isOffered = (type: string) =>
        acceleratorZones(accelerator, type).some((zone) => zone === location || regionOf(zone) === location);
    const groups = countsOf(accelerator).map((count) => ({ count, types: largeTypesFor(accelerator, count).filter(isOffered) }));
    return acceleratorOf(accelerator).shutdown === undefined ? groups.filter(({ types }) => types.length > 0) : [];
}

const offeredIn = (location: string): readonly AcceleratorName[] => acceleratorNames.filter((name) => typesIn(location, name).length > 0);

/** Regions and zones that have GPUs. */
const locationsWithGpus = [...regions, ...regions.flatMap(zonesOf)].filter((location) => offeredIn(location).length > 0);

/** A pool, and the capacity of one of its nodes. */
function poolOf(g: fc.GeneratorValue, name: string, location: string, mayBeQueued: boolean) {
    const accelerator = g(() => fc.constantFrom(...offeredIn(location)));
    const { count: acceleratorCount, types } = g(() => fc.constantFrom(...typesIn(location, accelerator)));
    const machineType = g(() => fc.constantFrom(...types));
    const kind = g(() => fc.constantFrom(...capacitiesOf(accelerator, machineType)));
    const queued = mayBeQueued && kind === "flex-start" && g(() => fc.boolean());
    const [mig, partitions] = g(() => fc.constantFrom([undefined, 1] as const, ...Object.entries(acceleratorOf(accelerator).mig)));
    const clients = g(() => fc.option(fc.integer({ min: 2, max: 48 }), { nil: undefined }));
    return {
        shared: clients !== undefined,
        spot: kind === "spot",
        queued,
        oneByOne: kind === "flex-start" && !queued,
        gpus: clients === undefined ? acceleratorCount * partitions : 1,
        ...leftOf(machineType),
        raw: {
            name,
            accelerator,
            acceleratorCount,
            machineType,
            capacity: kind === "reservation" ? { reservation: "team" } : kind,
            ...(queued ? { queuedProvisioning: true } : {}),
            ...(mig === undefined ? {} : { mig }),
            ...(clients === undefined ? {} : { sharing: { strategy: "time-sharing", clients } }),
        },
    };
}

/** Stacks that pass every rule: any accelerator, machine type, capacity, partition and sharing, with workloads that fit. */
const soundConfig = (g: fc.GeneratorValue, locations: readonly string[]): RawConfig => {
    const upTo = (max: number, min = 1): number => g(() => fc.integer({ min, max }));
    const location = g(() => fc.constantFrom(...locations));
    const region = regionOf(location);
    const pools = Array.from({ length: upTo(3) }, (_, index) => poolOf(g, `pool-${index}`, location, index > 0));
    const anyOf = (some: readonly ReturnType<typeof poolOf>[]) => g(() => fc.constantFrom(...some));

    const services = Array.from({ length: upTo(4) }, (_, index) => {
        const pool = anyOf(pools.filter(({ queued }) => !queued));
        const pods = upTo(6);
        const scaled = g(() => fc.boolean());
        return {
            pods,
            pool: pool.raw.name,
            raw: {
                name: `service-${index}`,
                pool: pool.raw.name,
                gpus: upTo(pool.gpus),
                cpu: `${upTo(pool.cpuMillis)}m`,
                memory: `${upTo(pool.memoryMib)}Mi`,
                ...(scaled ? { autoscaling: { min: upTo(pods), max: pods } } : { replicas: pods }),
            },
        };
    });

    const workers = Array.from({ length: upTo(2, 0) }, (_, index) => {
        const pool = anyOf(pools.filter(({ queued }) => !queued));
        const pods = upTo(3);
        const scaled = g(() => fc.boolean());
        return {
            pods,
            pool: pool.raw.name,
            raw: {
                name: `worker-${index}`,
                pool: pool.raw.name,
                gpus: upTo(pool.gpus),
                cpu: `${upTo(pool.cpuMillis)}m`,
                memory: `${upTo(pool.memoryMib)}Mi`,
                ...(scaled ? { autoscaling: { min: upTo(pods), max: pods, query: "sum(tasks)" } } : { replicas: pods }),
            },
        };
    });

    const trains = anyOf(pools);
    const nodes = trains.oneByOne ? 1 : upTo(3);
    const admitted = trains.queued || g(() => fc.boolean());
    // Half of the smallest machine's memory, so that /dev/shm and the process fit on any node.
    const half = Math.floor((trains.memoryMib - sidecarMib) / 2);
    const training = {
        runId: "run",
        pool: trains.raw.name,
        nodes,
        ...(admitted ? { queue: "gpu" } : {}),
        gpus: upTo(trains.gpus),
        cpu: `${upTo(trains.cpuMillis - sidecarCpu)}m`,
        sharedMemory: `${upTo(half)}Mi`,
        workingSet: `${upTo(half)}Mi`,
        checkpoints: g(() =>
            fc.constantFrom(
                { bucket: "checkpoints" },
                { bucket: "checkpoints", create: true },
                { claim: "checkpoints" },
                ...(nodes === 1 ? [{ claim: "checkpoints", size: "10Gi" }] : []),
            ),
        ),
        graceSeconds: upTo(15, 0),
        tensorboard: g(() => fc.boolean()),
    };

    const podsOn = (name: string): number =>
        [...services, ...workers].filter(({ pool }) => pool === name).reduce((sum, { pods }) => sum + pods, 0) +
        (training.pool === name ? nodes : 0);
    return {
        "gcp:project": "team-ml",
        "gcp:region": region,
        "ml-platform:environment": g(() => fc.constantFrom("sandbox", "dev", "staging")),
        "ml-platform:registry": { keepNewest: upTo(50) },
        "ml-platform:images": { from: "build", variant: "cpu", platforms: ["linux/amd64", "linux/arm64"] },
        "ml-platform:cluster": {
            location,
            pools: pools.map(({ raw }) => ({
                ...raw,
                minNodes: raw.capacity === "flex-start" ? 0 : upTo(1, 0),
                maxNodes: Math.max(1, podsOn(raw.name)),
            })),
        },
        "ml-platform:inference": { services: services.map(({ raw }) => raw) },
        "ml-platform:workers": { workers: workers.map(({ raw }) => raw) },
        "ml-platform:training": training,
    };
};

/** Sound stacks with a cluster in one of these locations. */
export const soundConfigsIn = (locations: readonly string[]): fc.Arbitrary<RawConfig> => fc.gen().map((g) => soundConfig(g, locations));

/** Sound stacks in any location. */
export const soundConfigs = soundConfigsIn(locationsWithGpus);
