import type { Difference, PropertyChange } from "../../provider";
import { isObject, type Properties, type PropertyValue } from "../../property-values";
import { diffValues } from "./diff-values";
import { isAutonamed } from "../names";
import { kindOf } from "./patches";
import { matchesField, replacingFields, type Mutability } from "./replace-rules";

/**
 * Compares the program's earlier inputs with its inputs now. The live object does not count: fields that autoscalers, controllers and
 * defaulting write are not changes of the program. A refresh carries hand-made changes into the old inputs.
 */
export function diffObject(token: string, oldInputs: Properties, inputs: Properties, mutability: Mutability): Difference {
    const { group, kind } = kindOf(token, inputs);
    const immutable = oldInputs.immutable === true;
    const fields = replacingFields(group, kind, immutable, mutability);
    const changes = diffValues(comparable(oldInputs), comparable(inputs)).map((change): PropertyChange => ({
        ...change,
        replaces: matchesField(change.path, fields),
    }));
    return { changes, deleteBeforeReplace: changes.some((change) => change.replaces) && keepsName(oldInputs, inputs) };
}

/** Two objects of one kind cannot share a name in a namespace: then the old one goes first. */
function keepsName(oldInputs: Properties, inputs: Properties): boolean {
    const [before, after] = [metadata(comparable(oldInputs)), metadata(comparable(inputs))];
    if (isAutonamed(inputs) || typeof after.name !== "string") {
        return false;
    }
    return before.name === after.name && before.namespace === after.namespace;
}

/** Leaving the namespace out means `default`. For kinds without namespaces both sides say the same. */
function comparable(inputs: Properties): Properties {
    const { status: _, ...rest } = inputs;
    const own = rest.metadata;
    if (!isObject(own)) {
        return rest;
    }
    const namespace = own.namespace ?? "";
    return { ...rest, metadata: { ...own, namespace: namespace === "" ? "default" : namespace } };
}

function metadata(inputs: Properties): Readonly<Record<string, PropertyValue | undefined>> {
    const own = inputs.metadata;
    return isObject(own) ? own : {};
}
