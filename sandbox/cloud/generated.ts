import { createHash } from "node:crypto";
import type { JsonValue } from "./json";

/** Derives a project's number from its ID: twelve digits, always the same for the same ID. */
export function projectNumber(project: string): string {
    return generatedNumber(`project ${project}`, 12);
}

/**
 * Generates a numeric ID, which is always the same for the same seed.
 * @param length number of digits
 */
export function generatedNumber(seed: string, length: number): string {
    const number = BigInt(`0x${createHash("sha256").update(seed).digest("hex")}`).toString();
    return `1${number.slice(1, length)}`;
}

/** Returns a fingerprint of a value, in base64. */
export function fingerprintOf(value: JsonValue): string {
    return createHash("sha256").update(JSON.stringify(value)).digest().subarray(0, 8).toString("base64");
}
