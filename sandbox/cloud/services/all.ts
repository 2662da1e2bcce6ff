import type { Behaviour, Service } from "../service";
import { container } from "./container";
import { iam } from "./iam";
import { operations } from "./operations";
import { web } from "./web";

const behaviours: Service = {
    ...container,
    ...iam,
    ...operations,
    ...web,
};

/** Returns the behavior of a resource type; undefined for types that use Google's API. */
export function findBehaviour(type: string): Behaviour | undefined {
    return behaviours[type];
}
