import { z } from "zod";

import { memberProblem } from "../../gke/iam-members";
import { GOOGLE_NAMES } from "../../gke/names";

// A field's description is written once, in its schema: docs/configuration.md and the package schema are made from it. Editors do not show it on hover.

/** Everything reachable from `T`, read-only: a parsed configuration is a value, never a place to write to. */
export type DeepReadonly<T> = T extends (infer E)[]
    ? readonly DeepReadonly<E>[]
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

/** What a section's defaults are derived from. */
export interface Site {
    /** The region of `gcp:region`. */
    readonly region: string;
    /** Whether the stack is a production one. */
    readonly production: boolean;
}

/** Largest number that Kubernetes and Google Cloud store in the fields that count things, which have 32 bits. */
const MAX_INT32 = 2 ** 31 - 1;

/** A name that Kubernetes and Google Cloud both take: lower-case letters, digits and dashes, at most 40 characters so that suffixes fit. */
export const resourceName = z
    .string()
    .regex(GOOGLE_NAMES.cluster, "must be lower-case letters, digits and dashes, at most 40, first a letter")
    .meta({ format: "name" });

/** YAML reads a quantity without a unit as a number; only its value counts. */
const quantity = (schema: z.ZodString) => z.preprocess((value) => (typeof value === "number" ? String(value) : value), schema);

/** A CPU quantity of Kubernetes, more than none: cores (`2`, `0.5`) or thousandths (`500m`). */
export const cpuQuantity = quantity(
    z
        .string()
        .regex(/^(?!0+(\.0+)?m?$)(\d{1,6}(\.\d{1,3})?|\d{1,9}m)$/, "must be a CPU quantity such as 2 or 500m, more than 0")
        .meta({ format: "cpu" }),
);

/** A memory quantity of Kubernetes, more than none: with a binary suffix, as in `512Mi`, or a decimal one, as in `8G`. */
export const memoryQuantity = z
    .string()
    .regex(/^(?!0+[KMGT])\d{1,9}([MGT]i?|Ki)$/, "must be a memory quantity such as 512Mi, 8Gi or 8G, more than 0")
    .meta({ format: "memory" });

/** A time in UTC, ISO 8601. */
export const time = z.iso.datetime("must be a time such as 2026-01-03T02:00:00Z").meta({ format: "time" });

/** Text that a program reads, such as an argument or an environment variable. Numbers are refused: YAML reads `1.10` as 1.1 and `0x10` as 16. */
export const argument = z.string();

/** A number of things, at least none. */
export const count = z.int().min(0).max(MAX_INT32);

/** A number of things, at least one. */
export const positive = z.int().min(1).max(MAX_INT32);

/** An IPv4 range such as `10.0.0.0/20`. */
export const ipRange = z.cidrv4("must be an IPv4 range such as 10.0.0.0/20");

/** A member of an IAM binding, with its kind: `serviceAccount:ci@my-project.iam.gserviceaccount.com`. Never everybody. */
export const iamMember = z.string().refine((member) => memberProblem(member) === undefined, {
    error: ({ input }) => memberProblem(String(input)) ?? "",
});

/** Environment variables of a container that are no secret. */
export const variables = z.record(
    z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be a name of an environment variable")
        .regex(/^(?!(true|false)$)/, "must not be true or false, for which YAML reads TRUE and FALSE too"),
    argument,
);

/** Source: https://cloud.google.com/storage/docs/buckets#naming */
const bucketName = z
    .string()
    .regex(
        /^(?!goog|\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][-a-z0-9_]{0,61}(\.?[-a-z0-9_]{1,63})*[a-z0-9]$/,
        "must be the name of a bucket alone, such as my-project-data: 3 to 63 lower-case letters, digits, dashes, underscores and dots, without gs:// and without a path",
    )
    .max(222, "must be the name of a bucket, at most 222 characters")
    .meta({ format: "bucket" });

const bucket = z.strictObject({
    bucket: bucketName.describe("Name of an existing bucket, mounted by GCS FUSE"),
});

const claim = z.strictObject({
    claim: resourceName.describe("Name of the claim in the section's namespace"),
});

/** Files that a pod mounts: a Cloud Storage bucket (GCS FUSE) or a persistent volume claim, which the stack makes where a size is given. */
export const storage = z.union(
    [
        bucket.extend({
            create: z.boolean().optional().describe("Whether the stack creates the bucket; without it the bucket has to exist"),
        }),
        claim.extend({
            size: memoryQuantity.optional().describe("Size of the claim to create; without it the claim has to exist"),
        }),
    ],
    { error: "must be { bucket: name, create?: true } or { claim: name, size?: quantity }" },
);
export type StorageConfig = DeepReadonly<z.output<typeof storage>>;

/** A claim that the stack makes. */
interface NewClaim {
    readonly claim: string;
    readonly size: string;
}

/** Whether it is a claim that the stack makes: one with a size. */
export const isNewClaim = (storage: StorageConfig | undefined): storage is NewClaim =>
    storage !== undefined && "claim" in storage && storage.size !== undefined;

/** Names of the buckets that the stack creates, each once. */
export const newBuckets = (storages: readonly (StorageConfig | undefined)[]): string[] => [
    ...new Set(
        storages.flatMap((storage) => (storage !== undefined && "bucket" in storage && storage.create === true ? [storage.bucket] : [])),
    ),
];

/** Files that are there already: a Cloud Storage bucket (GCS FUSE) or a persistent volume claim. */
export const existingStorage = z.union([bucket, claim], { error: "must be { bucket: name } or { claim: name }" });
