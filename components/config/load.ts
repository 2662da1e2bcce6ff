import * as pulumi from "@pulumi/pulumi";
import { checkStack } from "./checks";
import { buildSchema, resolveBuild } from "../images/trigger/config";
import { clusterSchema, resolveCluster, type ClusterConfig } from "../cluster/config";
import { encryptedKeysIn, encryptedProblem } from "./encrypted";
import { environmentSchema } from "../project/config";
import type { Site } from "./fields";
import { ownKeys, type RawConfig } from "./handed-over";
import { imagesSchema, resolveImages } from "../images/config";
import { inferenceSchema, resolveInference } from "../inference/config";
import { capacityKind } from "../cluster/pools/config";
import { meantKey } from "./meaning";
import { moved, readSection } from "./read-section";
import { registrySchema, resolveRegistry } from "../registry/config";
import type { StackConfig } from "./stack";
import { resolveTraining, trainingSchema } from "../training/config";
import { advise, keyOf, printed, projectName, remedyText, remove, type Problem, type Reported } from "./problem";

/** The schema of each section, by its key in the project's namespace. */
export const sectionSchemas = {
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
    const { values: raw, problems: unknownSections } = knownSections(
        Object.fromEntries(Object.entries(given).filter(([key]) => !refused.includes(key))),
    );
    const environment = readSection("environment", sectionSchemas.environment, raw[keyOf("environment")]);
    const registry = readSection("registry", sectionSchemas.registry, raw[keyOf("registry")]);
    const build = readSection("build", sectionSchemas.build, raw[keyOf("build")]);
    const images = readSection("images", sectionSchemas.images, raw[keyOf("images")]);
    const cluster = readSection("cluster", sectionSchemas.cluster, raw[keyOf("cluster")]);
    const inference = readSection("inference", sectionSchemas.inference, raw[keyOf("inference")]);
    const training = readSection("training", sectionSchemas.training, raw[keyOf("training")]);
    const sections = [environment, registry, build, images, cluster, inference, training];

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
        ...unknownSections,
        ...sections.flatMap((section) => section.problems),
        ...checkStack(config, [...refused, ...sections.flatMap((section) => section.guessed)]),
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
function knownSections(raw: RawConfig): { readonly values: RawConfig; readonly problems: readonly Reported[] } {
    const sections = Object.keys(sectionSchemas);
    const unknown = Object.keys(raw).filter((key) => key.startsWith(`${projectName}:`) && !sections.includes(withoutNamespace(key)));
    const meant = new Map<string, unknown>();
    const problems = unknown.map((key): Reported => {
        const section = withoutNamespace(key);
        const target = /[.[]/.test(section) ? undefined : meantKey(section, sections);
        if (target === undefined) {
            const advice = advise(
                `Rename it in the stack file to the key that is meant, or remove it: ${remedyText(remove(keyOf(section)))}`,
            );
            return { key: keyOf(section), problem: `is not a known key; known are ${sections.join(", ")}`, remedy: advice };
        }
        meant.set(keyOf(target), raw[key]);
        return {
            key: keyOf(section),
            problem: `is not a known key; the nearest is ${keyOf(target)}`,
            remedy: moved(section, [], target, [], raw[key]),
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

const withoutNamespace = (key: string): string => key.slice(projectName.length + 1);
