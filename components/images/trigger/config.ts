import { RE2JS } from "re2js";
import { z } from "zod";

import { listedImages } from "../config";
import { positive, resourceName, type DeepReadonly } from "../../config/fields";
import type { Site } from "../../project/config";

/** A regular expression as Cloud Build reads it. https://github.com/google/re2/wiki/Syntax */
const re2 = z
    .string()
    .regex(/./, "must not be empty")
    .refine((pattern) => re2Problem(pattern) === undefined, {
        error: ({ input }) => `must be a regular expression of RE2 (${re2Problem(String(input)) ?? ""})`,
    });

function re2Problem(pattern: string): string | undefined {
    try {
        RE2JS.compile(pattern);
        return undefined;
    } catch (error) {
        return (error as Error).message.replace(/^error parsing regexp: /, "");
    }
}

const githubSchema = z.strictObject({
    owner: z
        .string()
        .regex(/^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})$/, "must be the name of a user or an organization, without a slash")
        .describe("Owner of the repository")
        .meta({ examples: ["my-organization"] }),
    name: z
        .string()
        .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}(?<!\.git)$/, "must be the name of a repository, without its owner and without .git")
        .describe("Name of the repository")
        .meta({ examples: ["my-repository"] }),
});

const connectionSchema = z.strictObject({
    name: resourceName
        .describe("Name of the connection, in the region of the stack; it must exist unless github is set")
        .meta({ examples: ["github"] }),
    remoteUri: z
        .string()
        .regex(/^https:\/\/[a-z0-9.-]+(\/[A-Za-z0-9._-]+){2,}\.git$/, "must be an https address that ends in .git, without credentials")
        .describe("HTTPS address of the repository, ending in .git")
        .meta({ examples: ["https://github.com/my-organization/my-repository.git"] }),
    github: z
        .strictObject({
            appInstallationId: positive
                .describe("Installation ID of the Cloud Build app: the last part of its URL in GitHub's settings")
                .meta({ examples: [12345678] }),
            tokenSecretVersion: z
                .string()
                .regex(
                    /^projects\/[a-z0-9:.-]+\/secrets\/[A-Za-z0-9_-]{1,255}\/versions\/([1-9]\d*|latest)$/,
                    "must be projects/…/secrets/…/versions/…",
                )
                .describe("Version of the Secret Manager secret that holds a GitHub token with the scopes repo and read:user")
                .meta({ examples: ["projects/my-project/secrets/github-token/versions/1"] }),
        })
        .optional()
        .describe("Create the connection to GitHub, and let Cloud Build read the token"),
});

export const buildSchema = z.strictObject({
    connection: connectionSchema
        .optional()
        .describe("Second-generation connection and repository, in the region of the stack (recommended); set either this or github"),
    github: githubSchema
        .optional()
        .describe("First-generation repository, connected by hand to the Cloud Build GitHub App in the region of the stack"),
    branches: re2.default("^(main|develop)$").describe("Regular expression (RE2) of the branches that a push builds"),
    tags: re2.optional().describe("Regular expression (RE2) of the tags that a push builds, as well as the branches"),
    includedFiles: z
        .array(z.string().regex(/./, "must not be empty"))
        .min(1)
        .optional()
        .describe("Globs of files: a push that changes none of them does not build; default: docker/** and the folders of images"),
    machineType: z
        .enum(["UNSPECIFIED", "E2_MEDIUM", "E2_HIGHCPU_8", "E2_HIGHCPU_32", "N1_HIGHCPU_8", "N1_HIGHCPU_32"])
        .default("E2_HIGHCPU_8")
        .describe("Machine type of the build"),
    // Cloud Build allows at most 24 hours.
    timeoutSeconds: positive.max(86_400).default(1800).describe("Timeout of a build in seconds"),
    approval: z.boolean().optional().describe("Require manual approval of each build; default: true in prod"),
});

/** The trigger's settings with the defaults that depend on the site and the images. */
export const resolveBuild = (
    build: z.output<typeof buildSchema>,
    { production, images }: Site & { readonly images?: object | undefined },
) => ({
    ...build,
    includedFiles: build.includedFiles ?? ["docker/**", ...foldersOf(images ?? {})],
    approval: build.approval ?? production,
});

/** Globs of the folders that images are built from, in addition to `docker/`. */
function foldersOf(images: object): string[] {
    const contexts = Object.values(listedImages(images)).flatMap((image) => [image.context, ...Object.values(image.contexts ?? {})]);
    const folders = contexts.filter((folder) => folder !== undefined && !folder.startsWith("docker/"));
    return [...new Set(folders.map((folder) => `${folder}/**`))];
}
export type BuildConfig = DeepReadonly<ReturnType<typeof resolveBuild>>;
