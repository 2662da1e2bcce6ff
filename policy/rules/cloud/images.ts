import { typeRule } from "../../inputs";
import { containerRule, type ContainerInPod } from "../../pods";
import type { Finding } from "../../rule";

/**
 * A reference that ends with `@` is an image that this update will build: until then, the build provider reports an empty digest. The rule accepts it, because
 * Kubernetes rejects such a reference.
 */
export function byDigest({ container: { image } }: ContainerInPod): Finding {
    return image !== undefined && /@(sha256:[0-9a-f]{64})?$/.test(image)
        ? undefined
        : `runs ${image ?? "no image"}, which is not pinned by digest.`;
}

export function notLatest({ container: { image } }: ContainerInPod): Finding {
    return isLatest(image ?? "") ? `runs ${image ?? "no image"}: the tag latest can move to another image.` : undefined;
}

/** A reference with neither tag nor digest means `latest`. The part before the last slash may contain a port, which is not a tag. */
export function isLatest(image: string): boolean {
    const [reference, digest] = image.slice(image.lastIndexOf("/") + 1).split("@");
    const tag = reference?.split(":")[1];
    return tag === "latest" || (tag === undefined && digest === undefined);
}

export const imagePolicies = [
    containerRule({
        name: "image-by-digest",
        description: "Containers run an image by its digest.",
        remedy: "Use name@sha256:…, as the build or the release gives it.",
        check: byDigest,
    }),
    containerRule({
        name: "image-not-latest",
        description: "No container runs the tag latest.",
        remedy: "Name the version, and its digest.",
        check: notLatest,
    }),
    typeRule("docker-build:index:Image", {
        name: "base-image-not-latest",
        description: "No image is built from the tag latest.",
        remedy: "Name the base image's version in BASE_IMAGE.",
        check: ({ buildArgs }) => {
            const base = buildArgs?.BASE_IMAGE;
            return base !== undefined && isLatest(base) ? `BASE_IMAGE is ${base}: two builds may start from different images.` : undefined;
        },
    }),
];

export const productionImagePolicies = [
    typeRule("docker-build:index:Image", {
        name: "no-build-in-production",
        description: "Production runs images that were built and tested elsewhere, and builds none.",
        remedy: "Promote a release: npm run promote -- --from dev --to prod.",
        check: () => "The image is built by this stack.",
    }),
];
