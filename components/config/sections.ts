import { clusterFor, clusterSchema, resolveCluster } from "../cluster/config";
import { imagesSchema, resolveImages } from "../images/config";
import { buildSchema, resolveBuild } from "../images/trigger/config";
import { inferenceSchema, resolveInference } from "../inference/config";
import { placedServices, serviceImages, serviceWorkloads } from "../inference/service-workloads";
import { environmentSchema, resolveEnvironment } from "../project/config";
import { promotionSchema, resolvePromotion } from "../promotion/config";
import { registrySchema, resolveRegistry } from "../registry/config";
import { resolveTraining, trainingSchema } from "../training/config";
import { placedRuns, runImages, runWorkloads } from "../training/run-workload";
import { resolveWorkers, workersSchema } from "../workers/config";
import { placedWorkers, workerImages, workerWorkloads } from "../workers/worker-workloads";

/**
 * The sections of a stack file, by their key in the project's namespace, in the order of the reference and of the problems. Everything that names sections reads this
 * table: a new section is an entry here and a folder.
 *
 * - `schema` parses the given value, and `resolve` adds the defaults that depend on the site or on other sections.
 * - `needs` names the sections that it requires, and `starter` a field and a value that create it.
 * - `images` names the images that it uses, before defaults that depend on other sections.
 * - `workloads` lists its workloads in the cluster, and `place` assigns nodes to each of these, and adds their requirements to the cluster, once all checks pass.
 */
export const sections = {
    environment: { schema: environmentSchema, resolve: resolveEnvironment },
    registry: { schema: registrySchema, resolve: resolveRegistry, starter: ["repository", "ml-images"] },
    build: { schema: buildSchema, resolve: resolveBuild },
    images: { schema: imagesSchema, resolve: resolveImages, needs: ["registry"], starter: ["from", "build"] },
    promotion: { schema: promotionSchema, resolve: resolvePromotion },
    cluster: {
        schema: clusterSchema,
        resolve: resolveCluster,
        place: clusterFor,
        starter: ["name", "ml"],
    },
    inference: {
        schema: inferenceSchema,
        resolve: resolveInference,
        images: serviceImages,
        workloads: serviceWorkloads,
        place: placedServices,
        needs: ["cluster", "images"],
    },
    workers: {
        schema: workersSchema,
        resolve: resolveWorkers,
        images: workerImages,
        workloads: workerWorkloads,
        place: placedWorkers,
        needs: ["cluster", "images"],
    },
    training: {
        schema: trainingSchema,
        resolve: resolveTraining,
        images: runImages,
        workloads: runWorkloads,
        place: placedRuns,
        needs: ["cluster", "images"],
    },
} as const;
export type SectionName = keyof typeof sections;

export type { Workload } from "../workloads/placement/workload";
