import { advise, keyOf, oneOf, remove, set } from "../../config/problem";
import type { Rule } from "../../config/rule";

const key = keyOf("cluster", "binaryAuthorization");

/** Only images of the build trigger have attestations. Another rule ensures that a production stack takes a release. */
export const attestedBuilds: Rule<"environment" | "images" | "cluster"> = ({ environment, images, cluster }, report) => {
    if (cluster?.binaryAuthorization === undefined || images?.from !== "build" || environment === "prod") {
        return;
    }
    const from = keyOf("images", "from");
    report(
        from,
        "is build, but cluster.binaryAuthorization admits only images that Cloud Build built",
        oneOf(["builds by the trigger", set(from, "cloud-build")], ["a cluster that admits all images", remove(key)]),
        [key],
    );
};

/** Cloud Build attests the images that it pushes itself, which have one platform. */
export const attestedPlatforms: Rule<"images" | "cluster"> = ({ images, cluster }, report) => {
    const several = images?.from === "release" ? images.named.filter(({ platforms }) => platforms.length > 1) : [];
    if (cluster?.binaryAuthorization !== undefined && several.length > 0) {
        const names = several.map(({ name }) => name).join(", ");
        report(
            key,
            `is set, but the release has images for several platforms (${names}), which Cloud Build does not attest`,
            advise(`Promote images that are built for one platform, or remove ${key}.`),
            [keyOf("images", "release")],
        );
    }
};

/** An image that the policy exempts has a registry in its name. https://cloud.google.com/binary-authorization/docs/reference/rest/v1/Policy */
export const exemptWithRegistry: Rule<"registry" | "images" | "cluster"> = ({ registry, images, cluster }, report) => {
    if (cluster?.binaryAuthorization === undefined || images === undefined || registry?.dockerHubProxy === true) {
        return;
    }
    for (const { name, reference } of images.named) {
        if (reference !== undefined && !/^([^/]*[.:][^/]*|localhost)\//.test(reference)) {
            const at = images.from === "release" ? keyOf("images", "release", name) : keyOf("images", name, "use");
            const full = `docker.io/${reference.includes("/") ? "" : "library/"}${reference}`;
            report(at, `has no registry in its name, and ${key} admits it by its full name`, set(at, full), [key]);
        }
    }
};

/** Without images, nothing of the stack has an attestation. */
export const imagesToAdmit: Rule<"images" | "cluster"> = ({ images, cluster }, report) => {
    if (cluster?.binaryAuthorization !== undefined && images === undefined) {
        report(key, "is set, but the stack has no images that Cloud Build could have built", remove(key), [keyOf("images")]);
    }
};

/** The stack does not change the settings of an existing cluster. */
export const ownCluster: Rule<"cluster"> = ({ cluster }, report) => {
    if (cluster?.existing === true && cluster.binaryAuthorization !== undefined) {
        report(key, "is set, but the stack does not change an existing cluster", remove(key), [keyOf("cluster", "existing")]);
    }
};

/** The rules of Binary Authorization. */
export const admissionChecks: readonly Rule<"environment" | "registry" | "images" | "cluster">[] = [
    attestedBuilds,
    attestedPlatforms,
    exemptWithRegistry,
    imagesToAdmit,
    ownCluster,
];
