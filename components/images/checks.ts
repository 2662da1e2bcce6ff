import { readFileSync } from "node:fs";

import { DIGEST_REFERENCE } from "../config/fields";
import type { RuleInput, Rule } from "../config/rule";
import { artifactRegistryImage } from "./artifact-registry-image";
import { namedImageChecks } from "./named-image-checks";
import { imagesForNodes } from "../workloads/checks/architecture";
import { looksSecret } from "../../k8s/secrets/looks-secret";
import { advise, inOrder, keyOf, type Remedy, remove, run, set } from "../config/problem";

const promote = (stack: string): Remedy => run("npm", "run", "promote", "--", "--from", "dev", "--to", stack);

/** Names of the images that workloads use, each once. */
const usedImages = (workloads: RuleInput["workloads"]): readonly string[] => [...new Set(workloads.map(({ image }) => image))];

/** Production never builds. */
export const productionTakesReleases: Rule<"environment" | "images"> = ({ environment, images }, report) => {
    if (environment === "prod" && images !== undefined && images.from !== "release") {
        const key = keyOf("images", "from");
        report(key, `is ${images.from}, but a prod environment runs only promoted images`, set(key, "release"), [keyOf("environment")]);
    }
};

/** Images of a release are referenced by digest, because a tag can move. */
export const releasesByDigest: Rule<"stack" | "images" | "workloads"> = ({ stack, images, workloads }, report) => {
    if (images?.from !== "release") {
        return;
    }
    const { release } = images;
    if (release === undefined) {
        const key = keyOf("images", "release");
        report(key, "is missing: images come from a release, and none was promoted to this stack", promote(stack));
        return;
    }
    for (const image of usedImages(workloads).filter((used) => release.images[used] === undefined)) {
        report(keyOf("images", "release", image), "is missing", promote(stack));
    }
    for (const [image, reference] of Object.entries(release.images)) {
        if (!DIGEST_REFERENCE.test(reference)) {
            const key = keyOf("images", "release", image);
            report(key, `must be name@sha256:… with 64 hexadecimal digits, not ${reference}`, promote(stack));
        }
    }
};

/** A release records the variant of images that workloads use, because a digest does not show it. */
export const releasesNameTheirVariant: Rule<"stack" | "images" | "workloads"> = ({ stack, images, workloads }, report) => {
    if (images?.from !== "release" || images.release === undefined || usedImages(workloads).length === 0) {
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

/** A stack runs the variant that its stack file requests. */
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

/** The cluster admits images of other projects without attestations, so a wrong build project would admit every image of the release. */
export const releaseOfBuildProject: Rule<"images" | "cluster"> = ({ images, cluster }, report) => {
    const references = images?.from === "release" ? images.named.flatMap(({ reference }) => reference ?? []) : [];
    const projects = [...new Set(references.flatMap((reference) => artifactRegistryImage(reference)?.project ?? []))];
    const buildProject = cluster?.binaryAuthorization?.buildProject;
    if (buildProject === undefined || references.length === 0 || projects.includes(buildProject)) {
        return;
    }
    const key = keyOf("cluster", "binaryAuthorization");
    const at = `${key}.buildProject`;
    const [project] = projects;
    report(
        at,
        `is ${buildProject}, but the release has no image from this project`,
        project === undefined ? remove(key) : set(at, project),
        [keyOf("images", "release")],
    );
};

/** CPU images leave the GPUs of their nodes idle, which costs money, so the stack file must request them explicitly. */
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

/** All build arguments with their keys: those for every image, and those of single images. */
function buildArgumentsOf(images: RuleInput["images"]): readonly (readonly [key: string, name: string, value: string])[] {
    const ofOne = (images?.named ?? []).map(({ name, build }) => [[name, "buildArguments"], build?.buildArguments ?? {}] as const);
    return [[["buildArguments"], images?.buildArguments ?? {}] as const, ...ofOne].flatMap(([path, given]) =>
        Object.entries(given).map(([name, value]) => [keyOf("images", ...path, name), name, value] as const),
    );
}

/** A build argument stays readable in the image's history. */
export const noSecretArguments: Rule<"images"> = ({ images }, report) => {
    for (const [key, name, value] of buildArgumentsOf(images)) {
        if (looksSecret(name, value)) {
            report(
                key,
                "looks like a secret, and build arguments stay readable in the image; provide it to the pod at run time",
                remove(key),
            );
        }
    }
};

/** Build arguments that another setting determines, with that setting; undefined if it has another form. */
const DERIVED: Readonly<Record<string, { readonly setting: string; readonly fix: (value: string) => Remedy | undefined }>> = {
    APP_ENV: { setting: "environment", fix: () => undefined },
    BASE_IMAGE: { setting: "images.baseImage", fix: (value) => set(keyOf("images", "baseImage"), value) },
    DOCKER_HUB: { setting: "registry.dockerHubProxy", fix: () => undefined },
    ENABLE_GPU: { setting: "images.variant", fix: (value) => set(keyOf("images", "variant"), value === "true" ? "gpu" : "cpu") },
    PYTHON_VERSION: { setting: "images.pythonVersion", fix: (value) => set(keyOf("images", "pythonVersion"), value) },
};

/** A build argument does not override a value that another setting determines for every image. */
export const derivedArguments: Rule<"images"> = ({ images }, report) => {
    for (const [key, name, value] of buildArgumentsOf(images)) {
        const derived = Object.hasOwn(DERIVED, name) ? DERIVED[name] : undefined;
        if (derived !== undefined) {
            const fix = derived.fix(value);
            report(key, `is decided by ${derived.setting}`, fix === undefined ? remove(key) : inOrder(remove(key), fix));
        }
    }
};

/** The CUDA packages of the images exist for amd64. */
export const gpuImagesForAmd64: Rule<"images"> = ({ images }, report) => {
    const wrong = images?.named.filter(({ variant, platforms }) => variant === "gpu" && platforms.includes("linux/arm64")) ?? [];
    const isOfAll = images?.variant === "gpu" && images.platforms.includes("linux/arm64");
    if (isOfAll && wrong.length > 0) {
        const key = keyOf("images", "platforms");
        const remedy = images.requestedVariant === undefined ? set(keyOf("images", "variant"), "cpu") : remove(key);
        report(key, "holds linux/arm64, but the gpu variant exists for linux/amd64 only", remedy);
        return;
    }
    for (const { name } of wrong) {
        const key = keyOf("images", name);
        report(
            key,
            "is built for linux/arm64 as the gpu variant, which exists for linux/amd64 only",
            advise(`Give ${key} another variant or other platforms.`),
        );
    }
};

/** The file of the CA bundle exists and contains a certificate. Otherwise, a build would start without it. */
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
export const imageChecks: readonly Rule<"stack" | "environment" | "images" | "cluster" | "workloads">[] = [
    productionTakesReleases,
    ...namedImageChecks,
    releasesByDigest,
    releasesNameTheirVariant,
    variantAsBuilt,
    releaseOfBuildProject,
    cpuImagesAreAskedFor,
    derivedArguments,
    noSecretArguments,
    readableCaBundle,
    gpuImagesForAmd64,
    imagesForNodes,
];
