import { z } from "zod";

import { memberProblem } from "../../gke/iam-members";
import { GOOGLE_NAMES } from "../../gke/names";

// A field's description is written once, in its schema, from which docs/reference/configuration.md and the package schema are generated. Editors do not show it
// on hover.

/** `T` with all properties read-only, at any depth. Nothing changes a parsed configuration. */
export type DeepReadonly<T> = T extends (infer E)[]
    ? readonly DeepReadonly<E>[]
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

/** Largest number in the 32-bit fields of Kubernetes and Google Cloud. */
const MAX_INT32 = 2 ** 31 - 1;

/** A name that Kubernetes and Google Cloud both accept: lower-case letters, digits and dashes, at most 40 characters so that suffixes fit. */
export const resourceName = z
    .string()
    .regex(GOOGLE_NAMES.cluster, "must be at most 40 lower-case letters, digits and dashes, starting with a letter")
    .meta({ format: "name" });

/** YAML reads a quantity without a unit as a number; only its value counts. */
const quantity = (schema: z.ZodString) => z.preprocess((value) => (typeof value === "number" ? String(value) : value), schema);

/** A positive Kubernetes CPU quantity: cores (`2`, `0.5`) or thousandths (`500m`). */
export const cpuQuantity = quantity(
    z
        .string()
        .regex(/^(?!0+(\.0+)?m?$)(\d{1,6}(\.\d{1,3})?|\d{1,9}m)$/, "must be a CPU quantity such as 2 or 500m, more than 0")
        .meta({ format: "cpu" }),
);

/** A positive Kubernetes memory quantity: with a binary suffix, as in `512Mi`, or a decimal one, as in `8G`. */
export const memoryQuantity = z
    .string()
    .regex(/^(?!0+[KMGT])\d{1,9}([MGT]i?|Ki)$/, "must be a memory quantity such as 512Mi, 8Gi or 8G, more than 0")
    .meta({ format: "memory" });

/** Form of a reference to an image by digest. */
export const DIGEST_REFERENCE = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

/** A reference to an image by digest. */
export const imageByDigest = z.string().regex(DIGEST_REFERENCE, "must be name@sha256:… with 64 hexadecimal digits");

/** A time in UTC, ISO 8601. */
export const time = z.iso.datetime("must be a time such as 2026-01-03T02:00:00Z").meta({ format: "time" });

/** Text that a program reads, such as an argument or an environment variable. Numbers are refused: YAML reads `1.10` as 1.1 and `0x10` as 16. */
export const argument = z.string();

/** An integer of at least 0. */
export const count = z.int().min(0).max(MAX_INT32);

/** An integer of at least 1. */
export const positive = z.int().min(1).max(MAX_INT32);

/** An IPv4 range such as `10.0.0.0/20`. */
export const ipRange = z.cidrv4("must be an IPv4 range such as 10.0.0.0/20");

/** A member of an IAM binding, with its kind: `serviceAccount:ci@my-project.iam.gserviceaccount.com`. Never everybody. */
export const iamMember = z.string().refine((member) => memberProblem(member) === undefined, {
    error: ({ input }) => memberProblem(String(input)) ?? "",
});

/** Name of an environment variable. */
export const variableName = z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be a name of an environment variable")
    .regex(/^(?!(true|false)$)/, "must not be true or false, which YAML also reads for TRUE and FALSE");

/** Environment variables of a container, without secrets. */
export const variables = z.record(variableName, argument);

const bucketName = z
    .string()
    .regex(
        GOOGLE_NAMES.bucket,
        'must be only the name of a bucket, such as my-project-data: 3 to 63 lower-case letters, digits, dashes and underscores, up to 222 with dots, without "google", gs:// and a path',
    )
    .meta({ format: "bucket" });

const bucket = z.strictObject({
    bucket: bucketName.describe("Name of an existing bucket, mounted by GCS FUSE"),
});

const claim = z.strictObject({
    claim: resourceName.describe("Name of the claim in the section's namespace"),
});

const newBucket = bucket.extend({
    create: z.boolean().optional().describe("Create the bucket; without this, the bucket must exist"),
});

const newClaim = claim.extend({
    size: memoryQuantity.optional().describe("Size of the claim to create; without a size, the claim must exist"),
});

/** Only storage that is mounted read-only can have a cache: a file that changes during the run must not come from a cache. */
const cache = {
    cache: memoryQuantity
        .optional()
        .describe("Size of a cache on the node's disk for files of the bucket, which are then downloaded in parallel; default: no cache"),
};

/** Files that a pod writes: a Cloud Storage bucket (GCS FUSE) or a persistent volume claim. The stack creates a claim with a size. */
export const storage = z.union([newBucket, newClaim], {
    error: "must be { bucket: name, create?: true } or { claim: name, size?: quantity }",
});

/** Files that a pod reads, from a bucket or a claim as in {@link storage}. */
export const readStorage = z.union([newBucket.extend(cache), newClaim], {
    error: "must be { bucket: name, create?: true, cache?: quantity } or { claim: name, size?: quantity }",
});
export type StorageConfig = DeepReadonly<z.output<typeof readStorage>>;

/** A claim that the stack creates. */
export interface NewClaim {
    readonly claim: string;
    readonly size: string;
}

/** Whether the stack creates the claim: it has a size. */
export const isNewClaim = (storage: StorageConfig | undefined): storage is NewClaim =>
    storage !== undefined && "claim" in storage && storage.size !== undefined;

/** Names of the buckets that the stack creates, each once. */
export const newBuckets = (storages: readonly (StorageConfig | undefined)[]): string[] => [
    ...new Set(
        storages.flatMap((storage) => (storage !== undefined && "bucket" in storage && storage.create === true ? [storage.bucket] : [])),
    ),
];

/** An existing bucket, which may have a read cache. */
export const existingBucket = bucket.extend(cache);

/** An existing claim. */
export const existingClaim = claim;

/** Existing files: a Cloud Storage bucket (GCS FUSE) or a persistent volume claim. */
export const existingStorage = z.union([existingBucket, existingClaim], {
    error: "must be { bucket: name, cache?: quantity } or { claim: name }",
});
