import { readFileSync } from "node:fs";

import type { RuleInput, Rule } from "../config/rule";
import type { ImageName } from "./config";
import { imagesForNodes } from "../workloads/checks/architecture";
import { looksSecret } from "../workloads/checks/variables";
import { advise, inOrder, keyOf, type Remedy, remove, run, set } from "../config/problem";

const digest = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

const promote = (stack: string): Remedy => run("npm", "run", "promote", "--", "--from", "dev", "--to", stack);

const usedImages = ({ inference, training }: Pick<RuleInput, ImageName>): readonly ImageName[] => [
    ...(inference === undefined ? [] : (["inference"] as const)),
    ...(training === undefined ? [] : (["training"] as const)),
];

/** Production never builds. */
export const productionTakesReleases: Rule<"environment" | "images"> = ({ environment, images }, report) => {
    if (environment === "prod" && images?.from === "build") {
        const key = keyOf("images", "from");
        report(key, "is build, but a prod environment takes only images that were promoted", set(key, "release"), [keyOf("environment")]);
    }
};

/** Each image that is taken from a release is named by its digest: a tag can move. */
export const releasesByDigest: Rule<"stack" | "images" | ImageName> = ({ stack, images, ...users }, report) => {
    if (images?.from !== "release") {
        return;
    }
    const { release } = images;
    if (release === undefined) {
        const key = keyOf("images", "release");
        report(key, "is missing: images come from a release, and none was promoted to this stack", promote(stack));
        return;
    }
    for (const image of usedImages(users)) {
        const reference = release[image];
        const key = keyOf("images", "release", image);
        if (reference === undefined) {
            report(key, "is missing", promote(stack));
        } else if (!digest.test(reference)) {
            report(key, `must be name@sha256:… with 64 hexadecimal digits, not ${reference}`, promote(stack));
        }
    }
};

/** The variant of promoted images that workloads use is known: a digest does not tell it. */
export const releasesNameTheirVariant: Rule<"stack" | "images" | ImageName> = ({ stack, images, ...users }, report) => {
    if (images?.from !== "release" || images.release === undefined || usedImages(users).length === 0) {
        return;
    }
    if ((images.release.variant ?? images.requestedVariant) !== undefined) {
        return;
    }
    report(
        keyOf("images", "release", "variant"),
        "is missing: the release was written before releases recorded it. Promote again, or add the line `variant: cpu` or `variant: gpu` to the release, as its images were built",
        promote(stack),
    );
};

/** A stack file that asks for one variant does not run the other. */
export const variantAsBuilt: Rule<"images"> = ({ images }, report) => {
    const built = images?.from === "release" ? images.release?.variant : undefined;
    const requested = images?.requestedVariant;
    if (built === undefined || requested === undefined || built === requested) {
        return;
    }
    const key = keyOf("images", "variant");
    report(key, `is ${requested}, but the promoted images were built as ${built}`, set(key, built), [
        keyOf("images", "release", "variant"),
    ]);
};

/** CPU images leave the GPUs of their nodes idle, and those cost money: the stack file has to ask for them. */
export const cpuImagesAreAskedFor: Rule<"stack" | "images" | "cluster"> = ({ stack, images, cluster }, report) => {
    const pools = cluster?.pools.map(({ name }) => name) ?? [];
    if (images?.variant !== "cpu" || images.requestedVariant !== undefined || pools.length === 0) {
        return;
    }
    const key = keyOf("images", "variant");
    report(
        key,
        `is missing: the promoted images compute on CPUs, but workloads land on GPU pools (${pools.join(", ")}). Promote images of the gpu variant to ${stack}, or accept CPU images`,
        set(key, "cpu"),
        [keyOf("images", "release", "variant"), keyOf("cluster")],
    );
};

/** A build argument stays readable in the image's history. */
export const noSecretArguments: Rule<"images"> = ({ images }, report) => {
    for (const [name, value] of Object.entries(images?.buildArguments ?? {})) {
        if (looksSecret(name, value)) {
            const key = keyOf("images", "buildArguments", name);
            report(key, "looks like a secret, and build arguments stay readable in the image; give it to the pod at run time", remove(key));
        }
    }
};

/** Build arguments that other settings decide, and the setting; undefined where it has another form. */
const DERIVED: Readonly<Record<string, { readonly setting: string; readonly fix: (value: string) => Remedy | undefined }>> = {
    APP_ENV: { setting: "environment", fix: () => undefined },
    BASE_IMAGE: { setting: "images.baseImage", fix: (value) => set(keyOf("images", "baseImage"), value) },
    DOCKER_HUB: { setting: "registry.dockerHubProxy", fix: () => undefined },
    ENABLE_GPU: { setting: "images.variant", fix: (value) => set(keyOf("images", "variant"), value === "true" ? "gpu" : "cpu") },
    PYTHON_VERSION: { setting: "images.pythonVersion", fix: (value) => set(keyOf("images", "pythonVersion"), value) },
};

/** A build argument does not override what another setting decides for every image. */
export const derivedArguments: Rule<"images"> = ({ images }, report) => {
    for (const [name, value] of Object.entries(images?.buildArguments ?? {})) {
        const derived = Object.hasOwn(DERIVED, name) ? DERIVED[name] : undefined;
        if (derived !== undefined) {
            const key = keyOf("images", "buildArguments", name);
            const fix = derived.fix(value);
            report(key, `is decided by ${derived.setting}`, fix === undefined ? remove(key) : inOrder(remove(key), fix));
        }
    }
};

/** The CUDA packages of the images exist for amd64. */
export const gpuImagesForAmd64: Rule<"images"> = ({ images }, report) => {
    if (images?.variant === "gpu" && images.platforms.includes("linux/arm64")) {
        const key = keyOf("images", "platforms");
        const remedy = images.requestedVariant === undefined ? set(keyOf("images", "variant"), "cpu") : remove(key);
        report(key, "holds linux/arm64, but the gpu variant exists for linux/amd64 only", remedy);
    }
};

/** The file of the CA bundle is there and holds a certificate, so that no build starts without it. */
export const readableCaBundle: Rule<"images"> = ({ images }, report) => {
    if (images?.caBundle === undefined || images.from !== "build") {
        return;
    }
    const key = keyOf("images", "caBundle");
    try {
        if (!readFileSync(images.caBundle, "utf8").includes("-----BEGIN CERTIFICATE-----")) {
            report(
                key,
                `${images.caBundle} holds no certificate in PEM form`,
                advise("Name a file of PEM certificates, or remove the key."),
            );
        }
    } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        report(
            key,
            `${images.caBundle} cannot be read (${code ?? "unknown error"})`,
            advise("Name a file that exists, relative to the program's folder, or remove the key."),
        );
    }
};

/** The rules of the images. */
export const imageChecks: readonly Rule<"stack" | "environment" | "images" | "cluster" | "inference" | "training" | "workloads">[] = [
    productionTakesReleases,
    releasesByDigest,
    releasesNameTheirVariant,
    variantAsBuilt,
    cpuImagesAreAskedFor,
    derivedArguments,
    noSecretArguments,
    readableCaBundle,
    gpuImagesForAmd64,
    imagesForNodes,
];
