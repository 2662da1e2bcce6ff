import { z } from "zod";

import { iamMember, positive, resourceName, type DeepReadonly, type Site } from "../config/fields";

/** Artifact Registry counts versions in 32 bits. */
const MOST_VERSIONS = 2_147_483_647;
/** The longest duration that Google's APIs take, 315,576,000,000 seconds. https://protobuf.dev/reference/protobuf/google.protobuf/#duration */
const MOST_DAYS = 3_652_500;

/** A project's number or id. https://cloud.google.com/resource-manager/docs/creating-managing-projects */
const projectReference = z.preprocess(
    (value) => (typeof value === "number" ? String(value) : value),
    z.string().regex(/^(\d{6,}|[a-z][a-z0-9-]{4,28}[a-z0-9])$/, "must be the number or the id of a project"),
);

export const registrySchema = z.strictObject({
    // The cache repository is this name with `-cache`.
    repository: resourceName.default("ml-images").describe("Name of the Docker repository"),
    location: z.string().optional().describe("Region or multi-region (us, europe, asia) of the repository; default: gcp:region"),
    keepNewest: positive.max(MOST_VERSIONS).default(10).describe("How many versions of an image are kept whatever their age"),
    deleteUntaggedAfterDays: positive.max(MOST_DAYS).default(14).describe("Days after which a version without a tag is deleted"),
    deleteCacheAfterDays: positive.max(MOST_DAYS).default(30).describe("Days after which layers of the build cache are deleted"),
    cleanupDryRun: z.boolean().default(false).describe("The clean-up only logs what it would delete"),
    immutableTags: z.boolean().default(false).describe("A tag that exists cannot be moved"),
    scanning: z.boolean().default(true).describe("Images are scanned for vulnerabilities when they are pushed"),
    kmsKey: z
        .string()
        .regex(
            /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
            "must be projects/…/locations/…/keyRings/…/cryptoKeys/…",
        )
        .optional()
        .describe("Full name of a Cloud KMS key that encrypts the repository"),
    dockerHubProxy: z.boolean().default(false).describe("A remote repository that proxies Docker Hub, and a virtual one in front of both"),
    readers: z.array(iamMember).default([]).describe("IAM members that may pull, for example the identity of pull-request previews"),
    writers: z.array(iamMember).default([]).describe("IAM members that may push, and write the build cache"),
    consumers: z
        .array(projectReference)
        .default([])
        .describe(
            "Projects that run these images, by number, or by id where whoever deploys may read the project; their service accounts, such as those of nodes, may pull",
        ),
});

/** The registry's settings with what the site decides. */
export const resolveRegistry = (registry: z.output<typeof registrySchema>, site: Site) => ({
    ...registry,
    location: registry.location ?? site.region,
});
export type RegistryConfig = DeepReadonly<ReturnType<typeof resolveRegistry>>;
