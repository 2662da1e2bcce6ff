import { createHash } from "node:crypto";
import type { Entry } from "../../ledger";
import { shortName } from "../../resource-name";

/**
 * Returns the secret of a version.
 * @param version its resource name
 */
export function secretOf(version: string): string {
    return version.slice(0, -`/versions/${shortName(version)}`.length);
}

/** The etag of a secret or a version. */
export function etagOf({ id, inputs, provisioned, updatedAt }: Entry): string {
    const state = JSON.stringify([id, inputs, provisioned.state, updatedAt]);
    return `"${createHash("sha256").update(state).digest("hex").slice(0, 14)}"`;
}
