import { CheckFailure, CheckResponse, DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { formatPath } from "./property-path";
import { encodeProperties } from "./property-values";
import type { Checked, Difference, PropertyChange } from "./provider";

/**
 * Writes the result of Check. The path is part of the reason, because the engine would look up the property in the inputs and print its
 * value, which is `<nil>` for a nested or missing property.
 */
export function checkResponse({ inputs, failures }: Checked): CheckResponse {
    return new CheckResponse()
        .setInputs(encodeProperties(inputs))
        .setFailuresList(
            failures.map(({ property, reason }) => new CheckFailure().setReason(property === "" ? reason : `${property}: ${reason}`)),
        );
}

/** Writes the result of Diff: the paths of the changed properties, and which of them require a replacement. */
export function diffResponse({ changes, deleteBeforeReplace }: Difference): DiffResponse {
    const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
    const response = new DiffResponse()
        .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
        .setDeletebeforereplace(deleteBeforeReplace ?? false)
        .setReplacesList(topLevel(changes.filter((change) => change.replaces)))
        .setDiffsList(topLevel(changes))
        .setHasdetaileddiff(true);
    const detailed = response.getDetaileddiffMap();
    for (const change of changes) {
        detailed.set(formatPath(change.path), new PropertyDiff().setKind(kind(change)).setInputdiff(true));
    }
    return response;
}

function topLevel(changes: readonly PropertyChange[]): string[] {
    return [...new Set(changes.map(({ path }) => String(path[0])))];
}

function kind({ kind, replaces }: PropertyChange): PropertyDiff.Kind {
    const kinds = PropertyDiff.Kind;
    switch (kind) {
        case "add":
            return replaces ? kinds.ADD_REPLACE : kinds.ADD;
        case "update":
            return replaces ? kinds.UPDATE_REPLACE : kinds.UPDATE;
        case "delete":
            return replaces ? kinds.DELETE_REPLACE : kinds.DELETE;
    }
}
