import { RE2JS } from "re2js";
import { z } from "zod";

import { positive, resourceName, type DeepReadonly, type Site } from "../../config/fields";

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
        .describe("Name of the connection, in the region of the stack; it has to exist, except with github")
        .meta({ examples: ["github"] }),
    remoteUri: z
        .string()
        .regex(/^https:\/\/[a-z0-9.-]+(\/[A-Za-z0-9._-]+){2,}\.git$/, "must be an https address that ends in .git, without credentials")
        .describe("HTTPS address of the repository, ending in .git")
        .meta({ examples: ["https://github.com/my-organization/my-repository.git"] }),
    github: z
        .strictObject({
            appInstallationId: positive
                .describe("Number of the Cloud Build app's installation: the end of its address in GitHub's settings")
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
        .describe("The stack creates the connection to GitHub, and lets Cloud Build read the token"),
});

export const buildSchema = z.strictObject({
    connection: connectionSchema
        .optional()
        .describe("A second-generation connection and its repository, in the region of the stack; preferred; either this or github"),
    github: githubSchema
        .optional()
        .describe("A first-generation repository, which a person connected to Cloud Build's GitHub App in the region of the stack"),
    branches: re2.default("^(main|develop)$").describe("Regular expression (RE2) of the branches that a push builds"),
    tags: re2.optional().describe("Regular expression (RE2) of the tags that a push builds, as well as the branches"),
    includedFiles: z
        .array(z.string().regex(/./, "must not be empty"))
        .min(1)
        .default(["docker/**"])
        .describe("A push builds only when it changes a file that one of these globs matches"),
    machineType: z
        .enum(["UNSPECIFIED", "E2_MEDIUM", "E2_HIGHCPU_8", "E2_HIGHCPU_32", "N1_HIGHCPU_8", "N1_HIGHCPU_32"])
        .default("E2_HIGHCPU_8")
        .describe("Machine of the build"),
    // Cloud Build allows at most 24 hours.
    timeoutSeconds: positive.max(86_400).default(1800).describe("Seconds after which a build is ended"),
    approval: z.boolean().optional().describe("A person approves each build before it runs; default: true in prod"),
});

/** The trigger's settings with what the site decides. */
export const resolveBuild = (build: z.output<typeof buildSchema>, site: Site) => ({
    ...build,
    approval: build.approval ?? site.production,
});
export type BuildConfig = DeepReadonly<ReturnType<typeof resolveBuild>>;
