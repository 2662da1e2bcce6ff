import { clusterChecks } from "../cluster/checks";
import { clusterSchema, resolveCluster } from "../cluster/config";
import { imageChecks } from "../images/checks";
import { imagesSchema, resolveImages } from "../images/config";
import { triggerChecks } from "../images/trigger/checks";
import { buildSchema, resolveBuild } from "../images/trigger/config";
import { serviceChecks } from "../inference/checks";
import { inferenceSchema, resolveInference } from "../inference/config";
import { placedServices, serviceWorkloads } from "../inference/service-workloads";
import { projectChecks } from "../project/checks";
import { environmentSchema, resolveEnvironment } from "../project/config";
import { registryChecks } from "../registry/checks";
import { registrySchema, resolveRegistry } from "../registry/config";
import { runChecks } from "../training/checks";
import { resolveTraining, trainingSchema } from "../training/config";
import { placedRun, runWorkloads } from "../training/run-workload";
import { workloadChecks } from "../workloads/checks/workloads";

/**
 * The sections of a stack file, by their key in the project's namespace, in the order of the reference and of the problems. Everything that names sections reads this
 * table: a new section is an entry here and a folder.
 *
 * - `schema` reads what is given, and `resolve` adds the defaults that depend on the site or on other sections.
 * - `needs` names the sections without which it does not work, and `starter` a field and a value that create it.
 * - `checks` are the rules that hold for it; a rule that several sections list runs once.
 * - `workloads` lists what of it runs in the cluster, and `place` gives each of these its nodes, once all checks hold.
 */
export const sections = {
    environment: { schema: environmentSchema, resolve: resolveEnvironment, checks: projectChecks },
    registry: { schema: registrySchema, resolve: resolveRegistry, checks: registryChecks, starter: ["repository", "ml-images"] },
    build: { schema: buildSchema, resolve: resolveBuild, checks: triggerChecks },
    images: { schema: imagesSchema, resolve: resolveImages, checks: imageChecks, needs: ["registry"], starter: ["from", "build"] },
    cluster: { schema: clusterSchema, resolve: resolveCluster, checks: clusterChecks, starter: ["name", "ml"] },
    inference: {
        schema: inferenceSchema,
        resolve: resolveInference,
        workloads: serviceWorkloads,
        place: placedServices,
        checks: [...serviceChecks, ...workloadChecks],
        needs: ["cluster", "images"],
    },
    training: {
        schema: trainingSchema,
        resolve: resolveTraining,
        workloads: runWorkloads,
        place: placedRun,
        checks: [...workloadChecks, ...runChecks],
        needs: ["cluster", "images"],
    },
} as const;
export type SectionName = keyof typeof sections;

export type { Workload } from "../workloads/placement/workload";
