import { readFileSync } from "node:fs";
import * as path from "node:path";
import { ROOT } from "./images";

/** A digit that was not in the training data of the model. */
export interface Digit {
    readonly digit: number;
    readonly image: readonly (readonly number[])[];
}

export const DIGITS = JSON.parse(readFileSync(path.join(ROOT, "test/docker/held-out-digits.json"), "utf8")) as readonly Digit[];

/** The body of a prediction request. */
export function requestOf({ image }: Digit): string {
    return JSON.stringify({ image });
}

/** A valid request. */
export const GOOD = requestOf(DIGITS[0] as Digit);
