import type { Rule } from "../../config/rule";
import { inOrder, keyOf, remove, set } from "../../config/problem";

/** The trigger watches one repository. */
export const oneRepository: Rule<"build"> = ({ build }, report) => {
    if (build === undefined || (build.github === undefined) !== (build.connection === undefined)) {
        return;
    }
    const key = keyOf("build", "github");
    if (build.github !== undefined) {
        report(key, "is set together with connection, but a trigger watches one repository", remove(key));
        return;
    }
    report(
        keyOf("build"),
        "names no repository: it needs connection (name, remoteUri) or github (owner, name)",
        inOrder(set(keyOf("build", "github", "owner"), "my-organization"), set(keyOf("build", "github", "name"), "my-repository")),
    );
};

/** A person approves each build of a production stack. */
export const productionApproval: Rule<"environment" | "build"> = ({ environment, build }, report) => {
    if (environment === "prod" && build?.approval === false) {
        const key = keyOf("build", "approval");
        report(key, "is false, but builds of a prod environment need an approval", set(key, true), [keyOf("environment")]);
    }
};

/** A trigger without images would build nothing. Another rule reports workloads without images. */
export const triggerBuildsImages: Rule<"build" | "images" | "inference" | "training"> = (
    { build, images, inference, training },
    report,
) => {
    if (build !== undefined && images === undefined && inference === undefined && training === undefined) {
        const key = keyOf("images");
        report(key, "is missing or empty, but build needs images to build", set(keyOf("images", "from"), "build"), [keyOf("build")]);
    }
};

/** A stack that deploys the images of its trigger has one. */
export const triggerForImages: Rule<"build" | "images"> = ({ build, images }, report) => {
    if (images?.from === "cloud-build" && build === undefined) {
        report(
            keyOf("build"),
            "is missing, but images.from is cloud-build: the build trigger builds the images",
            inOrder(set(keyOf("build", "github", "owner"), "my-organization"), set(keyOf("build", "github", "name"), "my-repository")),
            [keyOf("images", "from")],
        );
    }
};

/** Cloud Build reports the digests of images for one platform: it pushes them itself. */
export const onePlatformEach: Rule<"images"> = ({ images }, report) => {
    for (const { name, platforms } of images?.from === "cloud-build" ? images.fromSource : []) {
        if (platforms.length > 1) {
            const isOfAll = images?.listed[name]?.platforms === undefined;
            const path = isOfAll ? ["platforms"] : [name, "platforms"];
            report(
                keyOf("images", ...path),
                `holds ${platforms.join(" and ")}, but with images.from cloud-build an image has one platform`,
                remove(keyOf("images", ...path)),
                [keyOf("images", "from")],
            );
            return;
        }
    }
};

/** The rules of the build trigger. */
export const triggerChecks: readonly Rule<"environment" | "build" | "images" | "inference" | "training">[] = [
    oneRepository,
    triggerForImages,
    onePlatformEach,
    triggerBuildsImages,
    productionApproval,
];
