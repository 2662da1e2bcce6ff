import type { PropertyChange } from "./provider";
import type { Segment } from "./property-path";
import { isList, isObject, UNKNOWN, type PropertyValue } from "./property-values";

/** A difference, before it is decided whether it replaces the object. */
export type ValueChange = Omit<PropertyChange, "replaces">;

/** Returns the leaf values that differ. A new unknown counts as changed; null equals absent. */
export function diffValues(
    before: PropertyValue | undefined,
    after: PropertyValue | undefined,
    path: readonly Segment[] = [],
): ValueChange[] {
    const old = before ?? undefined;
    const now = after ?? undefined;
    if (old === now && now !== UNKNOWN) {
        return [];
    }
    if (old === undefined) {
        return [{ path, kind: "add" }];
    }
    if (now === undefined) {
        return [{ path, kind: "delete" }];
    }
    if (isList(old) && isList(now)) {
        const length = Math.max(old.length, now.length);
        return Array.from({ length }, (_, index) => diffValues(old[index], now[index], [...path, index])).flat();
    }
    if (isObject(old) && isObject(now)) {
        const names = new Set([...Object.keys(old), ...Object.keys(now)]);
        return [...names].flatMap((name) => diffValues(old[name], now[name], [...path, name]));
    }
    return [{ path, kind: "update" }];
}

/** Whether two known values are equal. */
export function isSame(before: PropertyValue | undefined, after: PropertyValue | undefined): boolean {
    return diffValues(before, after).length === 0;
}
