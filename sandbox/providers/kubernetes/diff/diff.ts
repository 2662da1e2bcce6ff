import type { Difference, PropertyChange } from "../../provider";
import { isObject, type Properties, type PropertyValue } from "../../property-values";
import { diffValues } from "../../diff-values";
import { isAutonamed } from "../names";
import { kindOf } from "./patches";
import { matchesField, replacingFields, type Mutability } from "./replace-rules";

/**
 * Compares the program's old and new inputs. The live object is ignored: fields that autoscalers, controllers and defaulting set are not
 * changes of the program. A refresh copies manual changes into the old inputs.
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

/** Two objects of a kind cannot have the same name in a namespace, so the old one must be deleted first. */
function keepsName(oldInputs: Properties, inputs: Properties): boolean {
    const [before, after] = [metadata(comparable(oldInputs)), metadata(comparable(inputs))];
    if (isAutonamed(inputs) || typeof after.name !== "string") {
        return false;
    }
    return before.name === after.name && before.namespace === after.namespace;
}

/** An omitted namespace equals `default`. Cluster-scoped kinds get it on both sides, so it makes no difference. */
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
