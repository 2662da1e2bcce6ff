import { z } from "zod";

import { iamMember, positive, resourceName, type DeepReadonly, type Site } from "./fields";

export const registrySchema = z.strictObject({
    /** Name of the Docker repository; its cache repository is this name with `-cache`. */
    repository: resourceName.default("ml-images").describe("Name of the Docker repository"),
    /** Region or multi-region of the repository. @default the stack's region */
    location: z.string().optional().describe("Region or multi-region (us, europe, asia) of the repository; default: gcp:region"),
    /** How many versions of an image are kept whatever their age. */
    keepNewest: positive.default(10).describe("How many versions of an image are kept whatever their age"),
    /** Days after which a version without a tag is deleted. */
    deleteUntaggedAfterDays: positive.default(14).describe("Days after which a version without a tag is deleted"),
    /** Days after which layers of the build cache are deleted. */
    deleteCacheAfterDays: positive.default(30).describe("Days after which layers of the build cache are deleted"),
    /** The clean-up only logs what it would delete. */
    cleanupDryRun: z.boolean().default(false).describe("The clean-up only logs what it would delete"),
    /** A tag that exists cannot be moved. */
    immutableTags: z.boolean().default(false).describe("A tag that exists cannot be moved"),
    /** Images are scanned for vulnerabilities when they are pushed. */
    scanning: z.boolean().default(true).describe("Images are scanned for vulnerabilities when they are pushed"),
    /** Full name of a Cloud KMS key that encrypts the repository. */
    kmsKey: z
        .string()
        .regex(
            /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
            "must be projects/…/locations/…/keyRings/…/cryptoKeys/…",
        )
        .optional()
        .describe("Full name of a Cloud KMS key that encrypts the repository"),
    /** A remote repository that proxies Docker Hub, and a virtual one in front of both. */
    dockerHubProxy: z.boolean().default(false).describe("A remote repository that proxies Docker Hub, and a virtual one in front of both"),
    /** IAM members that may pull, for example the identity of pull-request previews. */
    readers: z.array(iamMember).default([]).describe("IAM members that may pull, for example the identity of pull-request previews"),
    /** IAM members that may push. */
    writers: z.array(iamMember).default([]).describe("IAM members that may push"),
});

/** The registry's settings with what the site decides. */
export const resolveRegistry = (registry: z.output<typeof registrySchema>, site: Site) => ({
    ...registry,
    location: registry.location ?? site.region,
});
export type RegistryConfig = DeepReadonly<ReturnType<typeof resolveRegistry>>;
