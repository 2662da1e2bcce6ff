import type { Checked, CheckRequest } from "../provider";
import { isObject, type Properties } from "../property-values";
import { withName } from "./names";
import { isPatch, kindOf } from "./diff/patches";
import { isClusterWide } from "./scope";

/**
 * Completes the inputs: apiVersion and kind from the type, a name, and the provider's namespace.
 * @param namespace the provider's namespace, for objects without one
 */
export function checkObject({ namespace, ...request }: Omit<CheckRequest, "urn"> & { readonly namespace: string | undefined }): Checked {
    const { type, inputs, oldInputs } = request;
    const { apiVersion, group, kind } = kindOf(type, inputs);
    const refused = (property: string, reason: string): Checked => ({ inputs, failures: [{ property, reason }] });
    if (kind.endsWith("List") && inputs.items !== undefined) {
        return refused("items", "a list is not an object that can be created; declare its items one by one");
    }
    const { metadata } = inputs;
    if (isObject(metadata) && metadata.generateName !== undefined && metadata.name === undefined) {
        return refused(
            "metadata.generateName",
            "server-side apply requires metadata.name; without both fields, the provider generates a name",
        );
    }
    if (isPatch(type, inputs) && isObject(metadata) && (metadata.name ?? "") === "") {
        return refused("metadata.name", "a patch must name the object that it changes");
    }
    const named = withName({ ...inputs, apiVersion, kind }, oldInputs, request.name, request.randomSeed);
    return { inputs: isClusterWide(group, kind) ? named : withNamespace(named, namespace), failures: [] };
}

function withNamespace(inputs: Properties, namespace: string | undefined): Properties {
    const { metadata } = inputs;
    if (namespace === undefined || !isObject(metadata) || (metadata.namespace ?? "") !== "") {
        return inputs;
    }
    return { ...inputs, metadata: { ...metadata, namespace } };
}
