import { z } from "zod";

import { existingBucket, existingClaim, type DeepReadonly } from "../config/fields";

const mount = {
    path: z
        .string()
        .regex(
            /^(\/(?!\.{1,2}(\/|$))[-A-Za-z0-9._]+)+$/,
            "must be an absolute path such as /adapters, of letters, digits, dashes, underscores and full stops, without . and .. and without a slash at its end",
        )
        .max(200, "must be at most 200 characters")
        .describe("Mount path in the container")
        .meta({ examples: ["/adapters"] }),
    readOnly: z.boolean().default(true).describe("Whether the pods only read it; a bucket that they write has no cache"),
};

/** A bucket or a claim that is mounted in addition to those in other fields. */
const volumeSchema = z.union([existingBucket.extend(mount), existingClaim.extend(mount)], {
    error: "must be { bucket: name, path: /folder, readOnly?: boolean, cache?: quantity } or { claim: name, path: /folder, readOnly?: boolean }",
});

/** Volumes of a workload. */
export const volumes = z
    .array(volumeSchema)
    .default([])
    .describe("Additional buckets and claims, each mounted on its own path; they must exist");
export type VolumeConfig = DeepReadonly<z.output<typeof volumeSchema>>;
