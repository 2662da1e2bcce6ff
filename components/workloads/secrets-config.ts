import { z } from "zod";

import { resourceName, variableName, type DeepReadonly } from "../config/fields";

/** Source: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create */
const secretId = z
    .string()
    .regex(
        /^(projects\/[^/\s]+\/secrets\/)?[A-Za-z0-9_-]{1,255}$/,
        "must be the name of a secret, such as hf-token, or projects/<project>/secrets/<name> for a secret of another project; the version is a separate field",
    )
    .describe("Name of a secret in Secret Manager, or projects/<project>/secrets/<name> for a secret of another project")
    .meta({ examples: ["hf-token"] });

/** YAML reads a version without quotes as a number. */
const version = z
    .preprocess(
        (value) => (typeof value === "number" ? String(value) : value),
        z
            .string()
            .regex(/^(latest|[1-9]\d*)$/, "must be the number of a version, or latest")
            .meta({ examples: ["1"] }),
    )
    .describe("Version number, or latest: running processes may not have read the newest version");

const file = z
    .string()
    .regex(/^(?!\.)[-A-Za-z0-9._]{1,253}$/, "must be the name of a file, of letters, digits, dashes, underscores and full stops")
    .describe("File with the value, below /secrets")
    .meta({ examples: ["hf-token"] });

/** A secret of a workload. */
export const secretSchema = z.union(
    [
        resourceName,
        z.strictObject({ secret: secretId, version, file }),
        z.strictObject({ secret: secretId, version, variable: variableName.describe("Environment variable with the value") }),
    ],
    {
        error: "must be the name of a Kubernetes Secret, { secret: name, version: number, file: name } or { secret: name, version: number, variable: NAME }",
    },
);

/** Secrets of a workload. */
export const secrets = z
    .array(secretSchema)
    .default([])
    .describe(
        "Secrets of the pods: the name of a Kubernetes Secret of the namespace, whose keys become environment variables, or a secret in Secret Manager, as a file or a variable",
    );
export type SecretConfig = DeepReadonly<z.output<typeof secretSchema>>;
