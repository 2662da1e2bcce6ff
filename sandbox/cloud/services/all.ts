import type { Behaviour, Service } from "../service";
import { operations } from "./operations";

/** The types that do not use Google's API yet. */
const behaviours: Service = {
    ...operations,
};

/**
 * Returns the behavior of a resource type.
 * @returns undefined for types that use Google's API
 */
export function findBehaviour(type: string): Behaviour | undefined {
    return behaviours[type];
}
