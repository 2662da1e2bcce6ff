import type { Checked, CheckFailure, Difference, PropertyChange } from "../provider";
import { containsUnknown, UNKNOWN, type Properties, type PropertyValue } from "../property-values";
import { diffValues } from "./diff/diff-values";
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
    const kubeconfig = config.kubeconfig;
    const unknown = CLUSTER_KEYS.some((key) => containsUnknown(config[key]));
    return {
        kubeconfig: unknown ? UNKNOWN : (text(kubeconfig) ?? ambientKubeconfig()),
        selection: { context: text(config.context), cluster: text(config.cluster) },
        namespace: text(config.namespace),
        mutableConfigMaps: isOn(config.enableConfigMapMutable),
        mutableSecrets: isOn(config.enableSecretMutable),
        forceConflicts: isOn(config.enablePatchForce),
        adoptExisting: isOn(config.upsertExistingObjects),
        deleteUnreachable: isOn(config.deleteUnreachable) || isOn(process.env.PULUMI_K8S_DELETE_UNREACHABLE),
    };
}

/** Only reads $KUBECONFIG: the sandbox sets it for its own clusters, while ~/.kube/config may refer to a real cluster. */
function ambientKubeconfig(): string | undefined {
    return text(process.env.KUBECONFIG);
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
    const changes = diffValues(oldInputs, inputs);
    const changed = new Set(changes.map((change) => String(change.path[0])));
    const replacing = new Set<string>();
    const [before, after] = [oldInputs.clusterIdentifier, inputs.clusterIdentifier];
    if (before !== undefined && after !== undefined) {
        if (changed.has("clusterIdentifier")) {
            replacing.add("clusterIdentifier");
        }
    } else if (await isAnotherCluster(oldInputs, inputs)) {
        for (const key of CLUSTER_KEYS) {
            if (changed.has(key)) {
                replacing.add(key);
            }
        }
    }
    return { changes: changes.map((change): PropertyChange => ({ ...change, replaces: replacing.has(String(change.path[0])) })) };
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
