import { z } from "zod";

/** Everything reachable from `T`, read-only: a parsed configuration is a value, never a place to write to. */
export type DeepReadonly<T> = T extends (infer E)[]
    ? readonly DeepReadonly<E>[]
    : T extends object
      ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
      : T;

/** What a room's defaults are derived from. */
export interface Site {
    /** The region of `gcp:region`. */
    readonly region: string;
    /** Whether the stack is a production one. */
    readonly production: boolean;
}

/** `pulumi config set --path` stores digits as a number: text that may look like one is accepted as either. */
const text = (schema: z.ZodString) => z.preprocess((value) => (typeof value === "number" ? String(value) : value), schema);

/** A name that Kubernetes and Google Cloud both take: lower-case letters, digits and dashes, at most 40 characters so that suffixes fit. */
export const resourceName = text(
    z.string().regex(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/, "must be lower-case letters, digits and dashes, at most 40, first a letter"),
);

/** A CPU quantity of Kubernetes: cores (`2`, `0.5`) or thousandths (`500m`). */
export const cpuQuantity = text(z.string().regex(/^(\d+(\.\d{1,3})?|\d+m)$/, "must be a CPU quantity such as 2 or 500m"));

/** A memory quantity of Kubernetes with a binary suffix: `512Mi`, `8Gi`. */
export const memoryQuantity = z.string().regex(/^\d+(Mi|Gi|Ti)$/, "must be a memory quantity such as 512Mi or 8Gi");

/** One argument of a command line. */
export const argument = text(z.string());

/** A number of things, at least none. */
export const count = z.int().min(0);

/** A number of things, at least one. */
export const positive = z.int().min(1);

/** An IPv4 range such as `10.0.0.0/20`. */
export const ipRange = z.cidrv4("must be an IPv4 range such as 10.0.0.0/20");

/** A member of an IAM binding, with its kind: `serviceAccount:ci@my-project.iam.gserviceaccount.com`. */
export const iamMember = z
    .string()
    .regex(
        /^(user|group|serviceAccount|principal|principalSet|domain):.+$/,
        "must be an IAM member such as serviceAccount:ci@my-project.iam.gserviceaccount.com",
    );

/** Environment variables of a container that are no secret. */
export const variables = z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be a name of an environment variable"), argument);

const bucket = z.strictObject({
    /** Name of an existing bucket. */
    bucket: z.string().describe("Name of an existing bucket, mounted by GCS FUSE"),
});

const claim = z.strictObject({
    /** Name of the claim in the room's namespace. */
    claim: resourceName.describe("Name of the claim in the room's namespace"),
});

/** Files that a pod mounts: a Cloud Storage bucket (GCS FUSE) or a persistent volume claim, which the stack makes where a size is given. */
export const storage = z.union(
    [
        bucket,
        claim.extend({
            /** Size of the claim to create; without it the claim has to exist. */
            size: memoryQuantity.optional().describe("Size of the claim to create; without it the claim has to exist"),
        }),
    ],
    { error: "must be { bucket: name } or { claim: name, size?: quantity }" },
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

/** Files that are there already: a Cloud Storage bucket (GCS FUSE) or a persistent volume claim. */
export const existingStorage = z.union([bucket, claim], { error: "must be { bucket: name } or { claim: name }" });
