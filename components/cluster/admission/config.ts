import { z } from "zod";

import { GOOGLE_NAMES } from "../../../gke/names";

const imagePattern = z
    .string()
    .regex(GOOGLE_NAMES.exemptImages, "must be registry/path/to/image, with * or ** only at its end, after the registry");

/** Admission of attested images. */
export const binaryAuthorizationSchema = z.strictObject({
    buildProject: z
        .string()
        .regex(GOOGLE_NAMES.project, "must be the ID of a project")
        .describe("ID of the project of the build trigger. Its attestor built-by-cloud-build exists after the first build of images")
        .meta({ examples: ["my-organization-ml-dev"] }),
    exempt: z
        .array(imagePattern)
        .default([])
        .describe(
            "Patterns of further images that need no attestation; * matches text without slashes, ** any text. The stack adds its images from registries outside of the build project by their digests, and Kueue's",
        )
        .meta({ examples: [["us-docker.pkg.dev/my-project/tools/*"]] }),
});
