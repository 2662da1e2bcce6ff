import type { Variant } from "./image-settings";

/** The inputs of an image's build. Paths are relative to the program's folder. */
export interface BuildSource {
    /** Build context. */
    readonly context: string;
    readonly dockerfile: string;
    /** Stage of the Dockerfile; undefined for its last one. */
    readonly target: string | undefined;
    /** Further folders that the Dockerfile copies from, by the name in its `from=`. */
    readonly contexts: Readonly<Record<string, string>>;
}

const COMMON = { common: "docker/common" };

/** The images under `docker/`, by name. A stack file lists one only to change how it is built, or to build `worker` or `training-pixi`. */
const SHIPPED: Readonly<Record<string, (variant: Variant) => BuildSource>> = {
    inference: (variant) => source("docker/inference", variant),
    training: () => source("docker/training", "training"),
    worker: () => source("docker/worker", "worker"),
    "training-pixi": () => ({ ...source("docker/training", "training"), dockerfile: "docker/training/pixi/Dockerfile" }),
};

/** Copies an image that is built elsewhere into the stack's registry. */
export const MIRROR: BuildSource = { context: "docker/mirror", dockerfile: "docker/mirror/Dockerfile", target: undefined, contexts: {} };

function source(context: string, target: string): BuildSource {
    return { context, dockerfile: `${context}/Dockerfile`, target, contexts: COMMON };
}

/** Source of one of the images under `docker/`; undefined for any other name. */
export const shippedSource = (name: string, variant: Variant): BuildSource | undefined =>
    Object.hasOwn(SHIPPED, name) ? SHIPPED[name]?.(variant) : undefined;
