import type { Checked } from "../provider";
import { isObject, type Properties } from "../property-values";
import { withName } from "./names";
import { isPatch, kindOf } from "./diff/patches";
import { isClusterWide } from "./scope";

/** Arguments of Check. */
export interface CheckRequest {
    /** The type token. */
    readonly type: string;
    /** The logical name. */
    readonly name: string;
    readonly inputs: Properties;
    readonly oldInputs: Properties | undefined;
    readonly randomSeed: Uint8Array;
    /** The provider's namespace, for objects without one. */
    readonly namespace: string | undefined;
}

/** Completes the inputs: apiVersion and kind from the type, a name, and the provider's namespace. */
export function checkObject(request: CheckRequest): Checked {
    const { apiVersion, group, kind } = kindOf(request.type, request.inputs);
    if (kind.endsWith("List") && request.inputs.items !== undefined) {
        const reason = "a list is not an object that can be created; declare its items one by one";
        return { inputs: request.inputs, failures: [{ property: "items", reason }] };
    }
    const metadata = request.inputs.metadata;
    if (isObject(metadata) && metadata.generateName !== undefined && metadata.name === undefined) {
        const reason = "server-side apply requires metadata.name; without both fields, the provider generates a name";
        return { inputs: request.inputs, failures: [{ property: "metadata.generateName", reason }] };
    }
    if (isPatch(request.type, request.inputs) && isObject(metadata) && (metadata.name ?? "") === "") {
        return {
            inputs: request.inputs,
            failures: [{ property: "metadata.name", reason: "a patch must name the object that it changes" }],
        };
    }
    const named = withName({ ...request.inputs, apiVersion, kind }, request.oldInputs, request.name, request.randomSeed);
    return { inputs: isClusterWide(group, kind) ? named : withNamespace(named, request.namespace), failures: [] };
}

function withNamespace(inputs: Properties, namespace: string | undefined): Properties {
    const metadata = inputs.metadata;
    if (namespace === undefined || !isObject(metadata) || (metadata.namespace ?? "") !== "") {
        return inputs;
    }
    return { ...inputs, metadata: { ...metadata, namespace } };
}
