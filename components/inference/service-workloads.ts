import { SERVICE_VARIABLES } from "../../k8s/derived-variables";
import { keyOf } from "../config/problem";
import { placementsOf, type PlacedStack } from "../workloads/placement/placement";
import { podRequest, takenFrom, type Workload } from "../workloads/placement/workload";
import type { InferenceConfig, ServiceConfig } from "./config";

/** A service as the checks and the placement of workloads see it. */
export const serviceWorkload = (service: ServiceConfig, index: number): Workload => ({
    ...podRequest(service, [service.model]),
    at: (...path) => keyOf("inference", "services", index, ...path),
    title: `service ${service.name}`,
    pool: service.pool,
    pods: bounds(service).max,
    egress: service.egress,
    variables: service.variables,
    reserved: (variable) => takenFrom(SERVICE_VARIABLES, variable),
    secretAdvice: "Remove it, and let the pod read it from Secret Manager.",
});

/** The services as workloads. */
export const serviceWorkloads = ({ services }: InferenceConfig): readonly Workload[] => services.map(serviceWorkload);

/** The services, each with the nodes that its pods land on. */
export function placedServices({ services, ...inference }: InferenceConfig, stack: PlacedStack) {
    const placementOf = placementsOf(stack);
    return {
        ...inference,
        services: services.map((service, index) => ({ ...service, placement: placementOf(serviceWorkload(service, index)) })),
    };
}

/** Least and most pods of a service; equal where their number is fixed. */
export function bounds({ replicas = 1, autoscaling }: ServiceConfig): { readonly min: number; readonly max: number } {
    return autoscaling ?? { min: replicas, max: replicas };
}
