import { FIELD_MANAGER } from "../client/cluster";
import { isRecord, type AnyObject } from "../../../kube/objects";

/**
 * The manifest of an update without what `ignoreChanges` names: a field that only others manage is left out, so that it stays theirs; any other keeps the value of the
 * live object, because the API server removes what an apply leaves out. The official provider does the same (provider/pkg/await/await.go).
 */
export function withoutIgnored(manifest: AnyObject, live: AnyObject, ignoreChanges: readonly string[]): AnyObject {
    return ignoreChanges.reduce((changed, path) => {
        const steps = path.split(".");
        const managers = managersOf(live, steps);
        const theirs = managers.length > 0 && !managers.includes(FIELD_MANAGER);
        return replaced(changed, steps, theirs ? undefined : (valueAt(live, steps) ?? valueAt(manifest, steps)));
    }, manifest);
}

/** Who manages a field of the live object. */
function managersOf(live: AnyObject, steps: readonly string[]): readonly string[] {
    const entries = (live.metadata.managedFields ?? []) as readonly { readonly manager?: string; readonly fieldsV1?: unknown }[];
    const path = steps.map((step) => `f:${step}`);
    return entries.flatMap(({ manager, fieldsV1 }) => (manager !== undefined && valueAt(fieldsV1, path) !== undefined ? [manager] : []));
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
    return steps.reduce<unknown>((at, step) => (isRecord(at) ? at[step] : undefined), value);
}

/** A copy with another value, or none, at the end of the path. */
function replaced<T extends object>(object: T, [step, ...rest]: readonly string[], by: unknown): T {
    if (step === undefined) {
        return object;
    }
    const { [step]: old, ...others } = object as Record<string, unknown>;
    const changed = rest.length === 0 ? by : isRecord(old) ? replaced(old, rest, by) : old;
    return (changed === undefined ? others : { ...others, [step]: changed }) as T;
}
