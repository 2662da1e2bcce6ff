import { createHash } from "node:crypto";
import type * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { orEnd, Refusal, unknownOutput } from "../../config/pulumi-sdk";
import type { ImagesConfig } from "../config";
import { buildContexts } from "../context/context-files";
import { imageRecipes } from "../image-recipe";
import { type CheckedOut, checkedOut } from "../source/checked-out";
import { GitError } from "../source/git";
import type { BuildDefinition } from "./build-definition";
import { BuildsError, TriggerBuilds } from "./builds-api";
import { awaitedDigests, type Digests, knownDigests, type WantedBuild } from "./commit-build";

export type { Digests };

/** Tag of the builds of a definition: a build of an earlier definition may lack images, or have other build arguments. */
export const definitionTag = (definition: BuildDefinition): string =>
    `images-${createHash("sha256").update(JSON.stringify(definition)).digest("hex").slice(0, 12)}`;

/** The source of the digests. */
interface Source {
    readonly trigger: gcp.cloudbuild.Trigger;
    /** Repository that the images are pushed to. */
    readonly registryUri: pulumi.Output<string>;
    readonly images: ImagesConfig;
    /** Resource that messages and calls belong to. */
    readonly owner: pulumi.Resource;
}

/**
 * Digests of the images that the trigger built from the commit that is checked out. An update waits for the build. A preview does not: the digests are unknown
 * until the build is done. If the build fails, the update ends with the reason.
 */
export function deployedDigests({ trigger, registryUri, images, owner }: Source): pulumi.Output<Digests> {
    return pulumi.all([trigger.id, trigger.build, registryUri]).apply(([id, build, uri]) => {
        const find = pulumi.runtime.isDryRun() ? previewed : updated;
        const builds = new TriggerBuilds(id, owner);
        const names = imageRecipes(images, "").map(({ name }) => [name, `${uri}/${name}`] as const);
        const wanted = { tag: build?.tags?.[0] ?? "", names: Object.fromEntries(names) };
        const digests = find(images, builds, wanted, (message, severity = "info") => pulumi.log[severity](message, owner));
        return pulumi.output(orEnd(digests)).apply((known) => (known === undefined ? unknownOutput() : pulumi.output(known)));
    });
}

type Wanted = Omit<WantedBuild, "source">;
type Log = (message: string, severity?: "info" | "warn") => Promise<void>;

async function updated(images: ImagesConfig, builds: TriggerBuilds, wanted: Wanted, log: Log): Promise<Digests> {
    const source = sourceOf(images);
    if (typeof source === "string") {
        throw new Refusal(source);
    }
    try {
        return await awaitedDigests(builds, { ...wanted, source }, (message) => void log(message));
    } catch (error) {
        throw error instanceof BuildsError ? new Refusal(`The builds of ${builds.trigger} cannot be read: ${error.message}`) : error;
    }
}

/** A preview only warns if an update would refuse. */
async function previewed(images: ImagesConfig, builds: TriggerBuilds, wanted: Wanted, log: Log): Promise<Digests | undefined> {
    const source = sourceOf(images);
    if (typeof source === "string") {
        await log(`pulumi up would fail: ${source}`, "warn");
        return undefined;
    }
    try {
        return await knownDigests(builds, { ...wanted, source }, (message) => void log(message));
    } catch (error) {
        if (error instanceof BuildsError || error instanceof Refusal) {
            await log(`pulumi up would fail: ${error.message}`, "warn");
            return undefined;
        }
        throw error;
    }
}

/** The commit that is checked out, or why no commit has the images of this folder. */
function sourceOf(images: ImagesConfig): CheckedOut | string {
    const recipes = imageRecipes(images, "");
    const contexts = recipes.flatMap((recipe) => {
        const { own, named } = buildContexts(recipe);
        return [own, ...Object.values(named)];
    });
    try {
        const source = checkedOut(
            ".",
            contexts,
            recipes.map(({ dockerfile }) => dockerfile),
        );
        const [first, ...others] = source.differing;
        if (first === undefined) {
            return source;
        }
        const more = others.length > 0 ? ` and ${others.length} more` : "";
        return `${first}${more} differs from commit ${source.commit.slice(0, 7)}, and Cloud Build builds commits only. Commit and push the change, or undo it.`;
    } catch (error) {
        if (error instanceof GitError) {
            return `Cloud Build builds commits, and git finds none in this folder: ${error.message}.`;
        }
        throw error;
    }
}
