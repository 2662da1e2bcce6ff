import * as pulumi from "@pulumi/pulumi";
import { ClusterLookup, type Found } from "../workloads/cluster-lookup";
import type { StorageConfig } from "../config/fields";
import type { TrainingConfig } from "./config";
import { otherOwner, stackLabel } from "../workloads/stack-label";

/** What earlier updates kept in a cluster, for the components that take it over. Without an engine nothing was deployed, and no cluster is asked. */
export function keptObjects(kubeconfig: pulumi.Input<string>, training: TrainingConfig | undefined): ClusterLookup | undefined {
    if (!pulumi.runtime.hasEngine()) {
        return undefined;
    }
    const lookup = new ClusterLookup(kubeconfig);
    void reportKeptClaims(lookup, training);
    return lookup;
}

/** Names, at preview as well, the claims with data that the stack made and its stack file no longer names. */
export async function reportKeptClaims(lookup: ClusterLookup, training: TrainingConfig | undefined): Promise<void> {
    const claims = await lookup.list("/api/v1/persistentvolumeclaims", stackLabel());
    const unused = claims.filter((claim) => otherOwner(claim) === undefined && !isUsed(claim, training));
    for (const { metadata, spec } of unused) {
        const { resources } = spec as { resources?: { requests?: { storage?: string } } };
        const size = resources?.requests?.storage ?? "";
        await pulumi.log.info(
            `Claim ${metadata.name} (${size}) in namespace ${metadata.namespace ?? ""} is kept with its data, and the stack file does not use it. ` +
                `It is used again when the stack file names it. To delete it and its data: kubectl --namespace ${metadata.namespace ?? ""} delete pvc ${metadata.name}`,
        );
    }
}

function isUsed({ metadata }: Found, training: TrainingConfig | undefined): boolean {
    const named = (storage: StorageConfig | undefined) => storage !== undefined && "claim" in storage && storage.claim === metadata.name;
    return training !== undefined && metadata.namespace === training.namespace && [training.checkpoints, training.data].some(named);
}
