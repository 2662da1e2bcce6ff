import { z } from "zod";

import { positive, type DeepReadonly, type Site } from "./fields";

export const buildSchema = z.strictObject({
    /** A repository that the Cloud Build GitHub App watches; either this or `connection`. */
    github: z
        .strictObject({
            /** Owner of the repository. */
            owner: z
                .string()
                .describe("Owner of the repository")
                .meta({ examples: ["my-organization"] }),
            /** Name of the repository. */
            name: z
                .string()
                .describe("Name of the repository")
                .meta({ examples: ["my-repository"] }),
        })
        .optional()
        .describe("A repository that the Cloud Build GitHub App watches; either this or connection"),
    /** A second-generation repository connection; either this or `github`. */
    connection: z
        .strictObject({
            /** Name of the existing connection in the stack's region. */
            name: z
                .string()
                .describe("Name of the existing connection in the stack's region")
                .meta({ examples: ["github"] }),
            /** HTTPS address of the repository, ending in `.git`. */
            remoteUri: z
                .string()
                .regex(/^https:\/\/.+\.git$/, "must be an https address that ends in .git")
                .describe("HTTPS address of the repository, ending in .git")
                .meta({ examples: ["https://github.com/my-organization/my-repository.git"] }),
        })
        .optional()
        .describe("A second-generation repository connection; either this or github"),
    /** Regular expression (RE2) of the branches whose pushes build. */
    branches: z.string().default("^(main|develop)$").describe("Regular expression (RE2) of the branches whose pushes build"),
    /** Regular expression (RE2) of the tags whose pushes build. */
    tags: z.string().optional().describe("Regular expression (RE2) of the tags whose pushes build, as well as the branches"),
    /** A push builds only when it changes a file that one of these globs matches. */
    includedFiles: z
        .array(z.string())
        .min(1)
        .default(["docker/**"])
        .describe("A push builds only when it changes a file that one of these globs matches"),
    /** Machine of the build. */
    machineType: z
        .enum(["UNSPECIFIED", "E2_MEDIUM", "E2_HIGHCPU_8", "E2_HIGHCPU_32", "N1_HIGHCPU_8", "N1_HIGHCPU_32"])
        .default("E2_HIGHCPU_8")
        .describe("Machine of the build"),
    /** Seconds after which a build is ended; Cloud Build allows at most 24 hours. */
    timeoutSeconds: positive.max(86_400).default(1800).describe("Seconds after which a build is ended"),
    /** A person approves each build before it runs. @default true in prod */
    approval: z.boolean().optional().describe("A person approves each build before it runs; default: true in prod"),
});

/** The trigger's settings with what the site decides. */
export const resolveBuild = (build: z.output<typeof buildSchema>, site: Site) => ({
    ...build,
    approval: build.approval ?? site.production,
});
export type BuildConfig = DeepReadonly<ReturnType<typeof resolveBuild>>;
