import { FIELD_MANAGER } from "../client/cluster";
import { isRecord, type AnyObject } from "../../../kube/objects";

/**
 * Applies `ignoreChanges` to the manifest of an update. A field that only other managers own is omitted, so that they keep it. Any other
 * ignored field keeps its live value, because the API server removes fields that an apply omits. The official provider does the same
 * (provider/pkg/await/await.go).
 */
export function withoutIgnored(manifest: AnyObject, live: AnyObject, ignoreChanges: readonly string[]): AnyObject {
    return ignoreChanges.reduce((changed, path) => {
        const steps = path.split(".");
        const managers = managersOf(live, steps);
        const theirs = managers.length > 0 && !managers.includes(FIELD_MANAGER);
        return replaced(changed, steps, theirs ? undefined : (valueAt(live, steps) ?? valueAt(manifest, steps)));
    }, manifest);
}

/** Returns the managers of a field of the live object. */
function managersOf(live: AnyObject, steps: readonly string[]): readonly string[] {
    const entries = (live.metadata.managedFields ?? []) as readonly { readonly manager?: string; readonly fieldsV1?: unknown }[];
    const path = steps.map((step) => `f:${step}`);
    return entries.flatMap(({ manager, fieldsV1 }) => (manager !== undefined && valueAt(fieldsV1, path) !== undefined ? [manager] : []));
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
    return steps.reduce<unknown>((at, step) => (isRecord(at) ? at[step] : undefined), value);
}

/** Returns a copy with another value at the path; undefined removes it. */
function replaced<T extends object>(object: T, [step, ...rest]: readonly string[], by: unknown): T {
    if (step === undefined) {
        return object;
    }
    const { [step]: old, ...others } = object as Record<string, unknown>;
    const changed = rest.length === 0 ? by : isRecord(old) ? replaced(old, rest, by) : old;
    return (changed === undefined ? others : { ...others, [step]: changed }) as T;
}
