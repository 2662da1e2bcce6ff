import { z } from "zod";

/** The environment of a stack, which decides whether it may build images, and which resources it protects. */
export const environmentSchema = z
    .enum(["sandbox", "dev", "staging", "prod"])
    .meta({ aliases: { development: "dev", stage: "staging", production: "prod" } })
    .describe("What the stack is for. prod accepts only promoted digests, and protects the cluster and the registry");
export type Environment = z.output<typeof environmentSchema>;

/** The environment. It has no derived defaults. */
export const resolveEnvironment = (environment: Environment): Environment => environment;

/** Region of a stack file without `gcp:region`, and of a component in another program that names none. */
export const DEFAULT_REGION = "us-central1";

/** The facts that a section's defaults are derived from. */
export interface Site {
    /** The region of `gcp:region`. */
    readonly region: string;
    /** Whether the stack is a production one. */
    readonly production: boolean;
}
