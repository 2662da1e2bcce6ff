import type { ClusterConfig } from "../../components/cluster/config";
import type { PoolConfig } from "../../components/cluster/pools/config";
import { parseConfig } from "../../components/config/load";
import type { StackConfig } from "../../components/config/stack";
import { imagesSchema, resolveImages, type ImagesConfig, type ImageUsers } from "../../components/images/config";
import { imageRecipe, type ImageRecipe } from "../../components/images/image-recipe";
import type { NamedImage } from "../../components/images/named-images";
import type { ServiceConfig } from "../../components/inference/config";
import type { WorkerConfig } from "../../components/workers/config";
import type { RunConfig } from "../../components/training/config";

/** Settings from the configuration's own parser, so that the defaults are those of users. */
export const stack: StackConfig = parseConfig(
    {
        "gcp:project": "my-project",
        "gcp:region": "us-central1",
        "ml-platform:environment": "dev",
        "ml-platform:registry": { repository: "ml-images" },
        "ml-platform:build": { github: { owner: "team", name: "platform" } },
        "ml-platform:images": { from: "build", variant: "cpu" },
        "ml-platform:cluster": { pools: [{ name: "l4", accelerator: "nvidia-l4", maxNodes: 4, zones: ["us-central1-a"] }] },
        "ml-platform:inference": { services: [{ name: "digits", pool: "l4", cpu: "500m", memory: "1Gi" }] },
        "ml-platform:workers": { workers: [{ name: "scoring", image: "inference", pool: "l4", cpu: "500m", memory: "1Gi" }] },
        "ml-platform:training": {
            runId: "first",
            pool: "l4",
            cpu: "1",
            sharedMemory: "8Gi",
            workingSet: "1Gi",
            checkpoints: { claim: "runs" },
        },
    },
    "test",
);

/** The build of an image. */
export const recipeOf = (name: string, from: ImagesConfig = images, environment = "dev"): ImageRecipe =>
    section(imageRecipe(namedImage(name, from), from, environment));

/** A section that exists in the settings. */
function section<T>(value: T | undefined): T {
    if (value === undefined) {
        throw new Error("the settings lack a section");
    }
    return value;
}

export const registry = section(stack.registry);
export const build = section(stack.build);
export const images = section(stack.images);

/** The images section as the parser resolves it, for a stack with CPU images, unless `given` overrides it. */
export const imagesWith = (given: object = {}, users: ImageUsers = {}): ImagesConfig =>
    resolveImages(imagesSchema.parse({ variant: "cpu", ...given }), users);

/** One of the images of a section. */
export const namedImage = (name: string, from: ImagesConfig = images): NamedImage =>
    section(from.named.find((image) => image.name === name));

export function cluster(edits: Partial<ClusterConfig> = {}): ClusterConfig {
    return { ...section(stack.cluster), ...edits };
}

export function gpuPool(edits: Partial<PoolConfig> = {}): PoolConfig {
    return { ...section(cluster().pools[0]), ...edits };
}

export function service(edits: Partial<ServiceConfig> = {}): ServiceConfig {
    return { ...section(stack.inference?.services[0]), ...edits };
}

export function worker(edits: Partial<WorkerConfig> = {}): WorkerConfig {
    return { ...section(stack.workers?.workers[0]), ...edits };
}

/** A run. */
export function training(edits: Partial<RunConfig> = {}): RunConfig {
    return { ...section(stack.training?.runs[0]), ...edits };
}

/** An image as a workload receives it. */
export const image = { ref: "registry.example/ml-images/digits@sha256:abc", device: "cpu" };
