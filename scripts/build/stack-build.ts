import { existsSync } from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { buildAccountId } from "../../components/project/names";
import { type BuildDefinition, buildDefinition } from "../../components/images/trigger/build-definition";
import { parseConfig } from "../../components/config/load";
import type { StackConfig } from "../../components/config/stack";
import { encryptedKeys } from "../../components/config/encrypted";
import { type BuildContext, buildContexts } from "../../components/images/context/context-files";
import { ContextError } from "../../components/images/context/context-problems";
import { throughProxy } from "../../components/images/docker-hub/proxy";
import { imageRecipes, type ImageRecipe } from "../../components/images/image-recipe";
import { outputOf, ProgramError } from "../command-line/program";
import { readText } from "../command-line/read-text";
import { CommandError } from "../command-line/run";
import { rawConfig } from "../stack-config/raw-config";
import { stackFileName } from "../promotion/stack-files";
import type { Revision } from "./revision";
import { channelOf } from "./substitutions";

/** The configuration of a stack that builds images. */
export type BuildingStack = StackConfig & { readonly images: NonNullable<StackConfig["images"]> };

/**
 * The checked configuration of a stack that builds its images.
 * @throws CommandError if there is no such stack, its file cannot be read, or it takes its images from a release
 * @throws StackFileError if its file is not valid
 * @throws ConfigError if its configuration must not be deployed
 */
export async function buildingStack(stack: string, folder: string): Promise<BuildingStack> {
    const file = stackFileName(stack, folder);
    const [project, values] = await Promise.all(["Pulumi.yaml", file].map((name) => readText(path.join(folder, name))));
    const raw = rawConfig(project ?? "", values ?? "", file);
    const config = parseConfig(raw, stack, encryptedKeys(raw));
    if (config.images === undefined || config.images.from === "release") {
        throw new CommandError(`Stack ${stack} builds no images: it takes them from a release.`);
    }
    return { ...config, images: config.images };
}

export const destinationSchema = z.object({
    registryUri: z.string(),
    cacheUri: z.string(),
    baseImagesUri: z.string().optional(),
    buildAccount: z.string().optional(),
});
/** Addresses that a build needs from a deployed stack: images, cache, base images, and the trigger's service account. */
export type Destination = z.output<typeof destinationSchema>;

/**
 * The destination of a deployed stack's builds.
 * @throws CommandError if it is not deployed, or has no registry
 */
export async function destinationOf(stack: string, folder: string): Promise<Destination> {
    try {
        return destinationSchema.parse(JSON.parse(await outputOf("pulumi", ["stack", "output", "--json", "--stack", stack], folder)));
    } catch (error) {
        if (error instanceof ProgramError && (error.missing || !error.output.includes("no stack named"))) {
            throw error;
        }
        throw new CommandError(`Stack ${stack} has no registry to build for yet: deploy it first, with \`pulumi up --stack ${stack}\`.`);
    }
}

/** The destination of a stack's builds on Google Cloud, derived from its configuration. Addresses of Artifact Registry and IAM consist of names. */
export function plannedDestination({ stack, project, registry, build }: BuildingStack): Destination {
    if (registry === undefined) {
        throw new CommandError(`Stack ${stack} has no registry.`);
    }
    const uri = `${registry.location}-docker.pkg.dev/${project}/${registry.repository}`;
    const buildAccount = `projects/${project}/serviceAccounts/${buildAccountId(stack)}@${project}.iam.gserviceaccount.com`;
    return { registryUri: uri, cacheUri: `${uri}-cache`, buildAccount: build === undefined ? undefined : buildAccount };
}

/**
 * The build contexts of a stack's images. If a Dockerfile is missing, the builder reports it.
 * @throws CommandError that names the files that no image can be built from
 */
export function contextsOf({ images, environment }: BuildingStack, folder: string): readonly BuildContext[] {
    const recipes = imageRecipes(images, environment).filter(({ dockerfile }) => existsSync(path.join(folder, dockerfile)));
    try {
        const contexts = recipes.flatMap(({ context, dockerfile, namedContexts }) => {
            const named = Object.entries(namedContexts).map(([name, place]) => [name, path.join(folder, place)] as const);
            const found = buildContexts({
                context: path.join(folder, context),
                dockerfile: path.join(folder, dockerfile),
                namedContexts: Object.fromEntries(named),
            });
            return [found.own, ...Object.values(found.named)];
        });
        return [...new Map(contexts.map((context) => [context.folder, context])).values()];
    } catch (error) {
        throw error instanceof ContextError ? new CommandError(error.message) : error;
    }
}

/** The recipes of a stack's images, with base images through the stack's proxy. */
export const stackRecipes = ({ images, environment }: BuildingStack, { baseImagesUri }: Destination): readonly ImageRecipe[] =>
    imageRecipes(images, environment).map((recipe) => throughProxy(recipe, baseImagesUri));

/** The build that the stack's trigger runs. */
export function stackBuild(config: BuildingStack, destination: Destination, revision: Revision): BuildDefinition {
    const { machineType, timeoutSeconds } = config.build ?? { machineType: "E2_HIGHCPU_8" as const, timeoutSeconds: 1800 };
    return buildDefinition({
        recipes: stackRecipes(config, destination),
        registryUri: destination.registryUri,
        cacheUri: destination.cacheUri,
        channel: channelOf(config.images.channel, revision),
        immutableTags: config.registry?.immutableTags,
        machineType,
        timeoutSeconds,
    });
}
