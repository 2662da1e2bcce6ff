import { z } from "zod";
import { type ImageName, imageNames } from "../../components/config/images";
import { keyOf } from "../../components/problem";
import { CommandError } from "../command-line/run";

/** The images that one stack runs, and where they come from: the value of `images.release` in a stack file. */
export interface Release {
    /** References by digest, `name@sha256:…`, of the images that the stack has. */
    readonly images: Readonly<Partial<Record<ImageName, string>>>;
    /** Git commit that the images were built from. */
    readonly commit: string;
    /** When: the deployment of a stack that builds, else the promotion. ISO 8601. */
    readonly time: string;
    /** Who. */
    readonly by: string;
}

const outputsSchema = z.object({
    images: z.object(Object.fromEntries(imageNames.map((name) => [name, z.string().optional()]))).optional(),
});

const updateSchema = z.object({
    kind: z.string(),
    result: z.string().optional(),
    endTime: z.string().optional(),
    environment: z.record(z.string(), z.string()).default({}),
    config: z.record(z.string(), z.object({ objectValue: z.unknown().optional() })).default({}),
});

const promotedSchema = z.object({ from: z.literal("release"), release: z.object({ commit: z.string() }) });

/** What a deployment's images are named by. */
export const digestReference = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

/**
 * The release that a stack runs.
 * @param stack its name, for messages
 * @param outputs what `pulumi stack output --json` prints, parsed
 * @param history what `pulumi stack history --json` prints, parsed: newest first
 * @throws CommandError where the stack runs none, or none that can be built again
 */
export function releaseRecord(stack: string, outputs: unknown, history: unknown): Release {
    const update = z
        .array(updateSchema)
        .parse(history)
        .find(({ kind }) => kind === "update");
    if (update === undefined) throw new CommandError(`Stack ${stack} has no release: it was never deployed.`);
    if (update.result !== "succeeded")
        throw new CommandError(`Stack ${stack} has no release: its last update ${update.result ?? "did not end"}.`);

    const images = deployedImages(stack, outputs);
    const promoted = promotedSchema.safeParse(update.config[keyOf("images")]?.objectValue);
    const commit = promoted.success ? promoted.data.release.commit : builtCommit(stack, update.environment);
    return { images, commit, time: isoTime(update.endTime), by: update.environment["git.author"] ?? "unknown" };
}

function deployedImages(stack: string, outputs: unknown): Release["images"] {
    const found = Object.entries(outputsSchema.safeParse(outputs).data?.images ?? {}).filter(
        (entry): entry is [ImageName, string] => entry[1] !== undefined,
    );
    if (found.length === 0) throw new CommandError(`Stack ${stack} has no release: its outputs name no image.`);
    for (const [name, reference] of found) {
        if (!digestReference.test(reference))
            throw new CommandError(`Stack ${stack} names its ${name} image without a digest: ${reference}`);
    }
    return Object.fromEntries(found);
}

function builtCommit(stack: string, environment: Readonly<Record<string, string>>): string {
    const commit = environment["git.head"];
    if (commit === undefined)
        throw new CommandError(`Stack ${stack} was deployed outside a git repository: its images belong to no commit.`);
    if (environment["git.dirty"] === "true") {
        throw new CommandError(
            `Stack ${stack} was deployed from commit ${commit.slice(0, 7)} with uncommitted changes: its images belong to no commit. Commit, deploy again, and promote that.`,
        );
    }
    return commit;
}

/** Pulumi's time has no separator that a stack file's schema would take. */
function isoTime(time: string | undefined): string {
    const parsed = new Date(time ?? Number.NaN);
    return Number.isNaN(parsed.getTime()) ? "unknown" : withoutMilliseconds(parsed);
}

/** ISO 8601 in UTC, to the second. */
export const withoutMilliseconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

/** Whether two releases are the same images of the same commit. */
export function isSameRelease(one: Release, other: Release): boolean {
    return one.commit === other.commit && imageNames.every((name) => one.images[name] === other.images[name]);
}
