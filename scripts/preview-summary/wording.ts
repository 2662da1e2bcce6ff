import type { Change } from "./engine/change";
import { briefly, code } from "./engine/values";

/** Whether the existing resource is deleted. */
export const isRemoval = ({ action }: Change): boolean => action === "delete" || action === "replace";

/** The last part of the resource's type, and its name. */
export const what = ({ type, name }: Change): string => `${type.split(":").at(-1) ?? type} ${code(name)}`;

/** How a resource is deleted, and the fields that are the reason. */
export function undone({ action, replacing, fields }: Change): string {
    if (action === "delete") {
        return "deleted";
    }
    const reasons = replacing.length > 0 ? replacing : fields;
    return reasons.length === 0 ? "replaced" : `replaced, because ${briefly(reasons)} ${reasons.length === 1 ? "changes" : "change"}`;
}

/** A number with its noun: `1 node`, `2 nodes`. */
export const counted = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`;
