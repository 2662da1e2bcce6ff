import type { z } from "zod";

import { SERVICE_VARIABLES } from "../../k8s/derived-variables";
import { keyOf } from "../config/problem";
import { deploymentWorkload } from "../workloads/deployments/workload";
import { withPlacements, type PlacedStack } from "../workloads/placement/placement";
import type { Workload } from "../workloads/placement/workload";
import type { InferenceConfig, ServiceConfig, inferenceSchema } from "./config";

/** A service as the checks and the placement of workloads see it. */
export const serviceWorkload = (service: ServiceConfig, index: number): Workload =>
    deploymentWorkload("service", service, (...path) => keyOf("inference", "services", index, ...path), SERVICE_VARIABLES);

/** Names of the images that the services use. */
export const serviceImages = ({ services }: z.output<typeof inferenceSchema>): readonly string[] => services.map(({ image }) => image);

/** The services as workloads. */
export const serviceWorkloads = ({ services }: InferenceConfig): readonly Workload[] => services.map(serviceWorkload);

/** The services, each with the nodes of its pods. */
export const placedServices = ({ services, ...inference }: InferenceConfig, stack: PlacedStack) => ({
    ...inference,
    services: withPlacements(services, serviceWorkload, stack),
});
