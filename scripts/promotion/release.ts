import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { DIGEST_REFERENCE, type DeepReadonly } from "../../components/config/fields";
import { keyOf } from "../../components/config/problem";
import { CommandError } from "../command-line/run";

const kindSchema = z.object({ variant: z.enum(["cpu", "gpu"]), platforms: z.array(z.string()).min(1) });
export const builtForSchema = kindSchema.extend({ others: z.record(z.string(), kindSchema).optional() });
/** Variant and platforms of images. `others` has those of images that differ, by name. */
export type BuiltFor = DeepReadonly<z.output<typeof builtForSchema>>;

/** The images that a stack runs, and their origin: the value of `images.release` in a stack file. */
export interface Release {
    /** References by digest, `name@sha256:…`, of the images that the stack has. */
    readonly images: Readonly<Record<string, string>>;
    /** Variant and platforms; undefined in a release that an earlier version wrote. */
    readonly builtFor?: BuiltFor | undefined;
    /** Git commit that the images were built from. */
    readonly commit: string;
    /** Time of the deployment, for a stack that builds, or of the promotion. ISO 8601. */
    readonly time: string;
    /** Author of the deployment or promotion. */
    readonly by: string;
}

const outputsSchema = z.object({
    images: z.record(z.string(), z.string()).optional(),
    imagesBuiltFor: builtForSchema.optional(),
});

const updateSchema = z.object({
    kind: z.string(),
    result: z.string().optional(),
    endTime: z.string().optional(),
    environment: z.record(z.string(), z.string()).default({}),
    config: z.record(z.string(), z.object({ objectValue: z.unknown().optional() })).default({}),
});

const promotedSchema = z.object({ from: z.literal("release"), release: z.object({ commit: z.string() }) });

/** Whether an entry of a stack's history is an update that succeeded. */
export const isDeployment = (entry: unknown): boolean => {
    const { kind, result } = updateSchema.safeParse(entry).data ?? {};
    return kind === "update" && result === "succeeded";
};

/**
 * The release that a stack runs.
 * @param stack its name, for messages
 * @param outputs parsed output of `pulumi stack output --json`
 * @param history parsed output of `pulumi stack history --json`, newest first, at least to the last successful update
 * @throws CommandError if the stack runs none, or none that belongs to a commit
 */
export function releaseRecord(stack: string, outputs: unknown, history: unknown): Release {
    const updates = z
        .array(updateSchema)
        .parse(history)
        .filter(({ kind }) => kind === "update");
    const last = updates.find(isDeployment);
    if (last === undefined) {
        const why = updates.length === 0 ? "it was never deployed" : "none of its updates succeeded";
        throw new CommandError(`Stack ${stack} has no release: ${why}.`);
    }
    const images = deployedImages(stack, outputs);
    // Stacks that an earlier version deployed do not have this output. The check of the target names the line to add.
    const builtFor = outputsSchema.safeParse(outputs).data?.imagesBuiltFor;
    const commit = commitOf(stack, last);
    // A later attempt may have replaced images of `last` before it failed. An attempt of the same commit has the same images.
    const attempt = updates
        .slice(0, updates.indexOf(last))
        .find(({ environment }) => environment["git.head"] !== last.environment["git.head"]);
    if (attempt !== undefined) {
        const tried = attempt.environment["git.head"]?.slice(0, 7) ?? "unknown";
        const ended = attempt.result === "in-progress" ? "is not finished" : "failed";
        throw new CommandError(
            `Stack ${stack} has no release: its update to commit ${tried} ${ended}, so its images may be running. Deploy it again, or commit ${commit.slice(0, 7)}, and promote then.`,
        );
    }
    return {
        images,
        ...(builtFor && { builtFor }),
        commit,
        time: isoTime(last.endTime),
        by: last.environment["git.author"] ?? "unknown",
    };
}

/** The commit that an update's images were built from. */
function commitOf(stack: string, { config, environment }: z.output<typeof updateSchema>): string {
    const promoted = promotedSchema.safeParse(config[keyOf("images")]?.objectValue);
    return promoted.success ? promoted.data.release.commit : builtCommit(stack, environment);
}

function deployedImages(stack: string, outputs: unknown): Release["images"] {
    const found = Object.entries(outputsSchema.safeParse(outputs).data?.images ?? {});
    if (found.length === 0) {
        throw new CommandError(`Stack ${stack} has no release: its outputs name no image.`);
    }
    for (const [name, reference] of found) {
        if (!DIGEST_REFERENCE.test(reference)) {
            throw new CommandError(`Stack ${stack} names its ${name} image without a digest: ${reference}`);
        }
    }
    return Object.fromEntries(found);
}

function builtCommit(stack: string, environment: Readonly<Record<string, string>>): string {
    const commit = environment["git.head"];
    if (commit === undefined) {
        throw new CommandError(`Stack ${stack} was deployed outside a git repository: its images belong to no commit.`);
    }
    if (environment["git.dirty"] === "true") {
        throw new CommandError(
            `Stack ${stack} was deployed from commit ${commit.slice(0, 7)} with uncommitted changes: its images belong to no commit. Commit, deploy again, and promote that.`,
        );
    }
    return commit;
}

/** Pulumi's time format differs from that of the stack file's schema. */
function isoTime(time: string | undefined): string {
    const parsed = new Date(time ?? Number.NaN);
    return Number.isNaN(parsed.getTime()) ? "unknown" : withoutMilliseconds(parsed);
}

/** ISO 8601 in UTC, to the second. */
export const withoutMilliseconds = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, "Z");

/** Whether two releases have the same images and the same commit. */
export function isSameRelease(one: Release, other: Release): boolean {
    return [one.builtFor, one.commit, one.images].every((value, index) =>
        isDeepStrictEqual(value, [other.builtFor, other.commit, other.images][index]),
    );
}
