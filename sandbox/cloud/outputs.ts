import { Draft } from "./draft";
import type { JsonObject } from "./json";
import type { Entry } from "./ledger";
import { findBehaviour } from "./services/all";
import { findResourceType } from "./catalogue";

/** Returns everything that the API reports about a resource: its inputs and computed outputs. */
export function outputsOf(entry: Entry, registry: string): JsonObject {
    const { inputs, id, createdAt, updatedAt } = entry;
    const draft = new Draft(entry.type, inputs, entry.uuid);
    const specific = findBehaviour(entry.type)?.outputs?.({ draft, id, createdAt, updatedAt, registry });
    return { ...inputs, ...commonOutputs(entry, draft.fingerprint), ...specific };
}

/** Outputs that many types have in common. */
function commonOutputs({ type, inputs, createdAt, updatedAt }: Entry, fingerprint: string): JsonObject {
    const labels = (inputs.labels ?? inputs.resourceLabels ?? {}) as JsonObject;
    const values: JsonObject = {
        createTime: createdAt,
        creationTimestamp: createdAt,
        updateTime: updatedAt,
        etag: fingerprint,
        fingerprint,
        labelFingerprint: fingerprint,
        effectiveAnnotations: inputs.annotations ?? {},
        // The official provider adds this label to the resources that it creates (addPulumiAttributionLabel).
        effectiveLabels: { "goog-pulumi-provisioned": "true", ...labels },
        pulumiLabels: { "goog-pulumi-provisioned": "true", ...labels },
    };
    const computed = findResourceType(type)?.computed ?? [];
    return Object.fromEntries(Object.entries(values).filter(([name]) => computed.includes(name)));
}
