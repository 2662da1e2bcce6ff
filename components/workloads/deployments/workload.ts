import type { ContainerSize } from "../../../k8s/gpu";
import type { StorageConfig } from "../../config/fields";
import type { EgressConfig } from "../egress-config";
import { podRequest, takenFrom, type Deployed, type Workload } from "../placement/workload";
import type { SecretConfig } from "../secrets-config";
import type { VolumeConfig } from "../volumes-config";
import { boundsOf } from "./bounds";

/** The fields of a service or a worker that checks and placement read. */
interface DeploymentConfig extends Omit<Deployed, "kind">, ContainerSize {
    readonly memory: string;
    readonly pool: string;
    readonly image: string;
    readonly gpus: number;
    readonly model?: StorageConfig | undefined;
    readonly egress: readonly EgressConfig[];
    readonly variables: Readonly<Record<string, string>>;
    readonly secrets: readonly SecretConfig[];
    readonly volumes: readonly VolumeConfig[];
}

/**
 * A service or a worker as the checks and the placement of workloads see it.
 * @param at key of one of its fields
 * @param derived variables that are derived from settings, with the name of the setting
 */
export const deploymentWorkload = (
    kind: Deployed["kind"],
    settings: DeploymentConfig,
    at: Workload["at"],
    derived: Readonly<Record<string, string>>,
): Workload => ({
    ...podRequest(settings, { model: settings.model }, settings.volumes),
    at,
    title: `${kind} ${settings.name}`,
    pool: settings.pool,
    image: settings.image,
    pods: boundsOf(settings).max,
    deployed: { ...settings, kind },
    isRun: false,
    queued: false,
    egress: settings.egress,
    variables: settings.variables,
    reserved: (variable) => takenFrom(derived, variable),
    secrets: settings.secrets,
    volumes: settings.volumes,
});
