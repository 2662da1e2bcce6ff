import { z } from "zod";

/** What a stack is for: decides whether images may be built and what is protected. */
export const environmentSchema = z
    .enum(["sandbox", "dev", "staging", "prod"])
    .meta({ aliases: { development: "dev", stage: "staging", production: "prod" } })
    .describe("What the stack is for. prod accepts only promoted digests, and protects the cluster and the registry");
export type Environment = z.output<typeof environmentSchema>;

/** The environment as the stack file names it: it has no derived defaults. */
export const resolveEnvironment = (environment: Environment): Environment => environment;
