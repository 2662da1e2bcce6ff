import type { Checked, CheckFailure, Difference } from "../provider";
import { containsUnknown, UNKNOWN, type Properties, type PropertyValue } from "../property-values";
import { diffValues } from "../diff-values";
import { readKubeconfig, type Selection } from "../../kube/kubeconfig";

/** The known part of the provider's configuration. */
export interface Settings {
    /** Content or path. UNKNOWN in a preview before the cluster exists; undefined if not set. */
    readonly kubeconfig: string | typeof UNKNOWN | undefined;
    readonly selection: Selection;
    /** Default namespace for namespaced objects. */
    readonly namespace: string | undefined;
    readonly mutableConfigMaps: boolean;
    readonly mutableSecrets: boolean;
    readonly forceConflicts: boolean;
    readonly adoptExisting: boolean;
    readonly deleteUnreachable: boolean;
}

/** Inputs that select the cluster. */
const CLUSTER_KEYS = ["kubeconfig", "context", "cluster"];

/** Parses the provider's configuration. The SDK sends booleans as JSON strings. */
export function parseSettings(config: Properties): Settings {
    const unknown = CLUSTER_KEYS.some((key) => containsUnknown(config[key]));
    return {
        // Not from ~/.kube/config, which may refer to a real cluster: the sandbox sets $KUBECONFIG for its own clusters.
        kubeconfig: unknown ? UNKNOWN : (text(config.kubeconfig) ?? text(process.env.KUBECONFIG)),
        selection: { context: text(config.context), cluster: text(config.cluster) },
        namespace: text(config.namespace),
        mutableConfigMaps: isOn(config.enableConfigMapMutable),
        mutableSecrets: isOn(config.enableSecretMutable),
        forceConflicts: isOn(config.enablePatchForce),
        adoptExisting: isOn(config.upsertExistingObjects),
        deleteUnreachable: isOn(config.deleteUnreachable) || isOn(process.env.PULUMI_K8S_DELETE_UNREACHABLE),
    };
}

/** Rejects settings that only the official provider supports. */
export function checkSettings(inputs: Properties): Checked {
    const failures: CheckFailure[] = [];
    if (text(inputs.renderYamlToDirectory) !== undefined) {
        failures.push({
            property: "renderYamlToDirectory",
            reason: "rendering YAML instead of creating objects needs the official provider",
        });
    }
    if (inputs.enableServerSideApply === false || inputs.enableServerSideApply === "false") {
        failures.push({ property: "enableServerSideApply", reason: "this provider always applies on the server; leave the option out" });
    }
    return { inputs, failures };
}

/**
 * Decides whether the provider is updated or replaced, like the official one. A changed `clusterIdentifier` replaces it; if the identifier
 * is set and unchanged, nothing else does. Without an identifier, another active cluster in the kubeconfig replaces it, and so does an
 * unknown kubeconfig.
 */
export async function diffSettings(oldInputs: Properties, inputs: Properties): Promise<Difference> {
    const replacing = await replacingKeys(oldInputs, inputs);
    return {
        changes: diffValues(oldInputs, inputs).map((change) => ({ ...change, replaces: replacing.includes(String(change.path[0])) })),
    };
}

async function replacingKeys(oldInputs: Properties, inputs: Properties): Promise<readonly string[]> {
    if (oldInputs.clusterIdentifier !== undefined && inputs.clusterIdentifier !== undefined) {
        return ["clusterIdentifier"];
    }
    return (await isAnotherCluster(oldInputs, inputs)) ? CLUSTER_KEYS : [];
}

async function isAnotherCluster(oldInputs: Properties, inputs: Properties): Promise<boolean> {
    if (CLUSTER_KEYS.some((key) => inputs[key] === UNKNOWN)) {
        return true;
    }
    const [before, after] = [await activeCluster(oldInputs), await activeCluster(inputs)];
    return before !== undefined && after !== undefined && before !== after;
}

async function activeCluster(inputs: Properties): Promise<string | undefined> {
    const settings = parseSettings(inputs);
    if (settings.kubeconfig === undefined || settings.kubeconfig === UNKNOWN) {
        return undefined;
    }
    try {
        const { server, certificateAuthority } = await readKubeconfig(settings.kubeconfig, settings.selection);
        return JSON.stringify([server, certificateAuthority]);
    } catch {
        // An unreadable kubeconfig is reported on use.
        return undefined;
    }
}

function text(value: PropertyValue | undefined): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}

function isOn(value: PropertyValue | undefined): boolean {
    return value === true || value === "true" || value === "1";
}
