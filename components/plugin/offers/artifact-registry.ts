import { z } from "zod";
import { ArtifactRegistry } from "../../registry/artifact-registry";
import { registryChecks } from "../../registry/checks";
import { registrySchema } from "../../registry/config";
import { offer } from "../offer";
import { DEFAULT_REGION } from "../../project/config";
import { crossChecks } from "../cross-checks";
import { project } from "./fields";

export const artifactRegistry = offer({
    description: "Image repository and build-cache repository, each with its own clean-up.",
    plain: registrySchema.extend({
        project,
        location: z.string().describe("Region or multi-region (us, europe, asia) of the repositories"),
        releasedImages: z
            .array(z.string())
            .default([])
            .describe("References of images in use, name@sha256:…; the clean-up keeps those that are in this registry"),
    }),
    linked: z.strictObject({}),
    outputs: z.object({
        repository: z.string().describe("Full name of the image repository"),
        registryUri: z.string().describe("Address that images are pushed to and pulled from"),
        cacheUri: z.string().describe("Address that build caches are written to"),
        baseImagesUri: z.string().optional().describe("Address that base images are pulled from, with dockerHubProxy"),
    }),
    problems: (registry) => crossChecks(registryChecks, { region: DEFAULT_REGION, registry }, { registry: "" }),
    create(name, args, _linked, opts) {
        const component = new ArtifactRegistry(name, args, opts);
        const { images, registryUri, cacheUri, baseImagesUri } = component;
        return { component, outputs: { repository: images.id, registryUri, cacheUri, baseImagesUri } };
    },
});
