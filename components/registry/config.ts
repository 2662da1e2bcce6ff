import { z } from "zod";

import { iamMember, positive, resourceName, type DeepReadonly } from "../config/fields";
import type { Site } from "../project/config";

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
    keepNewest: positive
        .max(MOST_VERSIONS)
        .default(10)
        .describe(
            "Versions of each image that are kept regardless of their age; a build with attestations has three: its index, the image, its attestations",
        ),
    deleteUntaggedAfterDays: positive.max(MOST_DAYS).default(14).describe("Days after which a version without a tag is deleted"),
    deleteCacheAfterDays: positive.max(MOST_DAYS).default(30).describe("Days after which layers of the build cache are deleted"),
    cleanupDryRun: z.boolean().default(false).describe("The clean-up logs what it would delete, and deletes nothing"),
    immutableTags: z.boolean().default(false).describe("Existing tags cannot be moved"),
    scanning: z.boolean().default(true).describe("Scan images for vulnerabilities when they are pushed"),
    kmsKey: z
        .string()
        .regex(
            /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
            "must be projects/…/locations/…/keyRings/…/cryptoKeys/…",
        )
        .optional()
        .describe("Full name of a Cloud KMS key that encrypts the repository"),
    dockerHubProxy: z
        .boolean()
        .default(false)
        .describe(
            "Create a remote repository that proxies Docker Hub, and a virtual one in front of both: builds pull base images through it, and pods pull the Docker Hub images under use",
        ),
    readers: z.array(iamMember).default([]).describe("IAM members that can pull, for example the identity of pull-request previews"),
    writers: z.array(iamMember).default([]).describe("IAM members that can push, and write the build cache"),
    consumers: z
        .array(projectReference)
        .default([])
        .describe(
            "Projects that run these images, by number, or by ID if the deploying identity can read the project; their service accounts, such as those of nodes, can pull",
        ),
});

/** The registry's settings with the defaults that depend on the site. */
export const resolveRegistry = (registry: z.output<typeof registrySchema>, site: Site) => ({
    ...registry,
    location: registry.location ?? site.region,
});
export type RegistryConfig = DeepReadonly<ReturnType<typeof resolveRegistry>>;
