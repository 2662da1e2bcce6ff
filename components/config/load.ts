import * as pulumi from "@pulumi/pulumi";
import { checkStack, workloadsOf } from "./checks";
import { encryptedKeysIn, encryptedProblem } from "./encrypted";
import { ownKeys, type RawConfig } from "./handed-over";
import { meantKey } from "./remedies/meaning";
import { moved, readSection, type Reading } from "./schema/read-section";
import type { RuleInput } from "./rule";
import { sections, type SectionName } from "./sections";
import type { ValidConfig, StackConfig } from "./stack";
import { DEFAULT_REGION, type Environment, type Site } from "../project/config";
import { advise, keyOf, printed, projectName, remedyText, remove, type Problem, type Reported } from "./problem";
import { isConfigSecret, Refusal } from "./pulumi-sdk";

/** Maximum number of problems in a message. */
const MOST_PRINTED = 100;

/** A configuration that must not be deployed. Its message lists every problem with its remedy. */
export class ConfigError extends Refusal {
    override readonly name = "ConfigError";

    constructor(
        stack: string,
        readonly problems: readonly Problem[],
    ) {
        const lines = problems.slice(0, MOST_PRINTED).map(({ key, problem, remedy }) => `  ${key}: ${problem}\n      ${remedy}`);
        const more = problems.length - lines.length;
        super(
            `The configuration of stack ${stack} has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}; nothing was changed.\n` +
                `${[...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join("\n")}\n` +
                `(The commands change the selected stack; add --stack ${stack} where another one is selected. They are quoted for a POSIX shell; for PowerShell and cmd, see docs/operations/runbooks.md.)`,
        );
    }
}

/**
 * The checked configuration of a stack, every default filled in.
 *
 * @param encrypted keys of the values that are encrypted in the stack file: they are refused, and their sections are not read
 * @throws ConfigError with all problems at once, those of the schemas and those of the cross-checks.
 */
export function parseConfig(given: RawConfig, stack: string, encrypted: readonly string[] = []): ValidConfig {
    const secrets = encrypted.filter(isRead);
    const refused = secrets.map(sectionOf);
    const { values: raw, problems: unknownSections } = knownSections(
        Object.fromEntries(Object.entries(given).filter(([key]) => !refused.includes(key))),
    );
    const readings = forEachSection((name): Reading<unknown> => readSection(name, sections[name].schema, raw[keyOf(name)]));
    const environment = (readings.environment.value as Environment | undefined) ?? "dev";
    const site: Site = { region: text(raw["gcp:region"] ?? DEFAULT_REGION), production: environment === "prod" };
    const read = forEachSection((name) => readings[name].value);
    const values = { ...site, ...read, usedImages: usedImages(read) };
    const config = {
        ...forEachSection((name) => values[name] && (sections[name].resolve as Resolve)(values[name], values)),
        stack,
        project: text(raw["gcp:project"] ?? ""),
        region: site.region,
        environment,
        protect: site.production,
    } as StackConfig;

    const problems = [
        ...secrets.map(encryptedProblem),
        ...unknownSections,
        ...Object.values(readings).flatMap((reading) => reading.problems),
        ...checkStack(config, [...refused, ...Object.values(readings).flatMap((reading) => reading.guessed)]),
    ];
    if (problems.length > 0) {
        throw new ConfigError(stack, printed(problems));
    }
    return placed(config);
}

/**
 * The checked configuration of the stack that is being deployed. The only place that reads Pulumi's configuration.
 *
 * @throws ConfigError with all problems at once.
 */
export function loadConfig(): ValidConfig {
    const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
    const values = pulumi.runtime.allConfig();
    const secrets = Object.fromEntries(Object.entries(values).filter(([key]) => isConfigSecret(key)));
    const encrypted = encryptedKeysIn(Object.keys(ownKeys(secrets, project)), `Pulumi.${stack}.yaml`);
    return parseConfig(ownKeys(values, project), stack, encrypted);
}

/** Whether the program reads a value. Secrets of providers, such as `gcp:credentials`, go to the providers as secrets. */
const isRead = (key: string): boolean => key.startsWith(`${projectName}:`) || ["gcp:project", "gcp:region"].includes(key);

const sectionOf = (key: string): string => key.split(/[.[]/, 1).join("");

/** The text of one of the provider's keys. An object becomes a text that no check accepts. */
const text = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** Resolves the parsed value of a section, given the values of all sections and the site. */
type Resolve = (value: unknown, given: Site & Readonly<Record<SectionName, unknown>>) => unknown;

/** Returns the images that a section uses. */
type Images = (section: unknown) => readonly string[];

/** Names of the images that all sections use. */
const usedImages = (given: Readonly<Record<SectionName, unknown>>): readonly string[] =>
    SECTION_NAMES.flatMap((name) => {
        const { images } = sections[name] as { readonly images?: Images };
        return images === undefined || given[name] === undefined ? [] : images(given[name]);
    });

/** Assigns nodes to the workloads of a section. */
type Place = (section: unknown, stack: RuleInput) => unknown;

/** A valid configuration, each workload with its nodes. */
function placed(config: StackConfig): ValidConfig {
    const stack = { ...config, workloads: workloadsOf(config) };
    const placedSections = forEachSection((name) => {
        const { place } = sections[name] as { readonly place?: Place };
        return place === undefined || config[name] === undefined ? config[name] : place(config[name], stack);
    });
    return { ...config, ...placedSections } as ValidConfig;
}

/** A value for each section of the table. */
const forEachSection = <T>(valueOf: (name: SectionName) => T): Record<SectionName, T> =>
    Object.fromEntries(SECTION_NAMES.map((name) => [name, valueOf(name)])) as Record<SectionName, T>;

const SECTION_NAMES = Object.keys(sections) as SectionName[];

/** Values by their intended keys, and the problem of each unknown key. */
function knownSections(raw: RawConfig): { readonly values: RawConfig; readonly problems: readonly Reported[] } {
    const known: readonly string[] = SECTION_NAMES;
    const unknown = Object.keys(raw).filter((key) => key.startsWith(`${projectName}:`) && !known.includes(withoutNamespace(key)));
    const meant = new Map<string, unknown>();
    const problems = unknown.map((key): Reported => {
        const section = withoutNamespace(key);
        const target = /[.[]/.test(section) ? undefined : meantKey(section, known);
        if (target === undefined) {
            const advice = advise(
                `Rename it in the stack file to the key that you meant, or remove it: ${remedyText(remove(keyOf(section)))}`,
            );
            return { key: keyOf(section), problem: `is not a known key; the known keys are ${known.join(", ")}`, remedy: advice };
        }
        meant.set(keyOf(target), raw[key]);
        return {
            key: keyOf(section),
            problem: `is not a known key; the nearest is ${keyOf(target)}`,
            remedy: moved(section, [], target, [], raw[key]),
        };
    });
    // The project file has defaults for some sections, so intended values are merged into existing ones.
    const moves = Array.from(
        meant,
        ([key, value]) => [key, isRecord(value) && isRecord(raw[key]) ? { ...raw[key], ...value } : value] as const,
    );
    return { values: { ...raw, ...Object.fromEntries(moves) }, problems };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === "object" && value !== null && !Array.isArray(value);

const withoutNamespace = (key: string): string => key.slice(projectName.length + 1);
