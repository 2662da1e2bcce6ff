import * as pulumi from "@pulumi/pulumi";
import { checkStack } from "./checks";
import { buildSchema, resolveBuild } from "./config/build";
import { clusterSchema, resolveCluster, type ClusterConfig } from "./config/cluster";
import { encryptedKeysIn, encryptedProblem } from "./config/encrypted";
import { environmentSchema } from "./config/environment";
import type { Site } from "./config/fields";
import { ownKeys, type RawConfig } from "./config/handed-over";
import { imagesSchema, resolveImages } from "./config/images";
import { inferenceSchema, resolveInference } from "./config/inference";
import { capacityKind } from "./config/pool";
import { meantKey } from "./config/meaning";
import { moved, readRoom } from "./config/read-room";
import { registrySchema, resolveRegistry } from "./config/registry";
import type { StackConfig } from "./config/stack";
import { resolveTraining, trainingSchema } from "./config/training";
import { advise, keyOf, printed, projectName, remedyText, remove, type Problem, type Reported } from "./problem";

export type { BuildConfig } from "./config/build";
export type { ClusterConfig } from "./config/cluster";
export type { Environment } from "./config/environment";
export type { StorageConfig } from "./config/fields";
export type { RawConfig } from "./config/handed-over";
export type { ImageName, ImagesConfig } from "./config/images";
export type { AutoscalingConfig, InferenceConfig, ServiceConfig } from "./config/inference";
export { capacityKind, type Capacity, type PoolConfig } from "./config/pool";
export type { RegistryConfig } from "./config/registry";
export type { StackConfig } from "./config/stack";
export type { TrainingConfig } from "./config/training";

/** The schema of each room, by its key in the project's namespace. */
export const roomSchemas = {
    environment: environmentSchema,
    registry: registrySchema,
    build: buildSchema,
    images: imagesSchema,
    cluster: clusterSchema,
    inference: inferenceSchema,
    training: trainingSchema,
};

/** Problems that a message lists; nobody reads more at once. */
const MOST_PRINTED = 100;

/** A configuration that must not be deployed. Its message lists every problem with its remedy. */
export class ConfigError extends pulumi.RunError {
    override readonly name = "ConfigError";

    constructor(
        stack: string,
        readonly problems: readonly Problem[],
    ) {
        const lines = problems.slice(0, MOST_PRINTED).map(({ key, problem, remedy }) => `  ${key}: ${problem}\n      ${remedy}`);
        const more = problems.length - lines.length;
        super(
            `The configuration of stack ${stack} has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}; nothing was touched.\n` +
                `${[...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join("\n")}\n` +
                `(The commands change the selected stack; add --stack ${stack} where another one is selected. They are quoted for a POSIX shell; for PowerShell and cmd, see docs/runbooks.md.)`,
        );
    }
}

/**
 * The checked configuration of a stack, every default filled in.
 *
 * @param encrypted keys of the values that are encrypted in the stack file: they are refused, and their sections are not read
 * @throws ConfigError with all problems at once, those of the schemas and those of the cross-checks.
 */
export function parseConfig(given: RawConfig, stack: string, encrypted: readonly string[] = []): StackConfig {
    const secrets = encrypted.filter(isRead);
    const refused = secrets.map(sectionOf);
    const { values: raw, problems: unknownRooms } = knownRooms(
        Object.fromEntries(Object.entries(given).filter(([key]) => !refused.includes(key))),
    );
    const environment = readRoom("environment", roomSchemas.environment, raw[keyOf("environment")]);
    const registry = readRoom("registry", roomSchemas.registry, raw[keyOf("registry")]);
    const build = readRoom("build", roomSchemas.build, raw[keyOf("build")]);
    const images = readRoom("images", roomSchemas.images, raw[keyOf("images")]);
    const cluster = readRoom("cluster", roomSchemas.cluster, raw[keyOf("cluster")]);
    const inference = readRoom("inference", roomSchemas.inference, raw[keyOf("inference")]);
    const training = readRoom("training", roomSchemas.training, raw[keyOf("training")]);
    const rooms = [environment, registry, build, images, cluster, inference, training];

    const site: Site = { region: text(raw["gcp:region"] ?? "us-central1"), production: environment.value === "prod" };
    const resolvedCluster = cluster.value && resolveCluster(cluster.value, site);
    const config: StackConfig = {
        stack,
        project: text(raw["gcp:project"] ?? ""),
        region: site.region,
        environment: environment.value ?? "dev",
        protect: site.production,
        registry: registry.value && resolveRegistry(registry.value, site),
        build: build.value && resolveBuild(build.value, site),
        images:
            images.value &&
            resolveImages(images.value, {
                tensorboard: training.value?.tensorboard ?? false,
                gpuPools: (resolvedCluster?.pools.length ?? 0) > 0,
            }),
        cluster: resolvedCluster,
        inference: inference.value && resolveInference(inference.value),
        training: training.value && resolveTraining(training.value, hasSpot(resolvedCluster, training.value.pool)),
    };

    const problems = [
        ...secrets.map(encryptedProblem),
        ...unknownRooms,
        ...rooms.flatMap((room) => room.problems),
        ...checkStack(config, [...refused, ...rooms.flatMap((room) => room.guessed)]),
    ];
    if (problems.length > 0) {
        throw new ConfigError(stack, printed(problems));
    }
    return config;
}

/**
 * The checked configuration of the stack that is being deployed. The only place that reads Pulumi's configuration.
 *
 * @throws ConfigError with all problems at once.
 */
export function loadConfig(): StackConfig {
    const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
    const values = pulumi.runtime.allConfig();
    const secrets = Object.fromEntries(Object.entries(values).filter(([key]) => isConfigSecret(key)));
    const encrypted = encryptedKeysIn(Object.keys(ownKeys(secrets, project)), `Pulumi.${stack}.yaml`);
    return parseConfig(ownKeys(values, project), stack, encrypted);
}

/** The SDK exports it without a type. */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };

/** Whether the program reads a value. Secrets of providers, such as `gcp:credentials`, the engine hands on as secrets. */
const isRead = (key: string): boolean => key.startsWith(`${projectName}:`) || ["gcp:project", "gcp:region"].includes(key);

const sectionOf = (key: string): string => key.split(/[.[]/, 1).join("");

/** Text of a key that belongs to the Google Cloud provider; an object is text that no check accepts. */
const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const hasSpot = (cluster: ClusterConfig | undefined, pool: string): boolean =>
    cluster?.pools.some(({ name, capacity }) => name === pool && capacity.some((source) => capacityKind(source) === "spot")) ?? false;

/** Values by the keys that were meant, and the problem of each key that is unknown. */
function knownRooms(raw: RawConfig): { readonly values: RawConfig; readonly problems: readonly Reported[] } {
    const rooms = Object.keys(roomSchemas);
    const unknown = Object.keys(raw).filter((key) => key.startsWith(`${projectName}:`) && !rooms.includes(roomOf(key)));
    const meant = new Map<string, unknown>();
    const problems = unknown.map((key): Reported => {
        const room = roomOf(key);
        const target = /[.[]/.test(room) ? undefined : meantKey(room, rooms);
        if (target === undefined) {
            const advice = advise(`Rename it in the stack file to the key that is meant, or remove it: ${remedyText(remove(keyOf(room)))}`);
            return { key: keyOf(room), problem: `is not a known key; known are ${rooms.join(", ")}`, remedy: advice };
        }
        meant.set(keyOf(target), raw[key]);
        return {
            key: keyOf(room),
            problem: `is not a known key; the nearest is ${keyOf(target)}`,
            remedy: moved(room, [], target, [], raw[key]),
        };
    });
    // The project file has defaults for some sections, so what was meant is added to what is there.
    const moves = Array.from(
        meant,
        ([key, value]) => [key, isRecord(value) && isRecord(raw[key]) ? { ...raw[key], ...value } : value] as const,
    );
    return { values: { ...raw, ...Object.fromEntries(moves) }, problems };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

const roomOf = (key: string): string => key.slice(projectName.length + 1);
