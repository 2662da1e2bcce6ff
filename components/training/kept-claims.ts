import * as pulumi from "@pulumi/pulumi";
import type { Found } from "../workloads/cluster-lookup";
import { isNewClaim, type StorageConfig } from "../config/fields";
import { keyOf } from "../config/problem";
import type { TrainingConfig } from "./config";
import { parseMemory } from "../workloads/quantities";
import { isOwn } from "../workloads/stack-label";
import { Refusal } from "../config/refusal";

/** Names, at preview as well, the claims with data that the stack made and its stack file no longer names. */
export async function reportKeptClaims(training: TrainingConfig | undefined, claims: readonly Found[]): Promise<void> {
    const unused = claims.filter((claim) => isOwn(claim) && !isUsed(claim, training));
    for (const claim of unused) {
        const { metadata } = claim;
        await pulumi.log.info(
            `Claim ${metadata.name} (${sizeOf(claim)}) in namespace ${metadata.namespace ?? ""} is kept with its data, and the stack file does not use it. ` +
                `It is used again when the stack file names it. To delete it and its data: kubectl --namespace ${metadata.namespace ?? ""} delete pvc ${metadata.name}`,
        );
    }
}

/**
 * A disk cannot shrink: Kubernetes refuses the smaller request, at the update and not at the preview.
 * https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
 * @throws Refusal where the stack file has a smaller size than the claim that exists
 */
export function refuseSmallerClaims(training: TrainingConfig | undefined, claims: readonly Found[]): void {
    for (const field of ["checkpoints", "data"] as const) {
        const storage = training?.[field];
        if (!isNewClaim(storage)) {
            continue;
        }
        const claim = claims.find(({ metadata }) => metadata.namespace === training?.namespace && metadata.name === storage.claim);
        if (claim !== undefined && parseMemory(sizeOf(claim)) > parseMemory(storage.size)) {
            const key = keyOf("training", field, "size");
            throw new Refusal(
                `${key} is ${storage.size}, but claim ${storage.claim} has ${sizeOf(claim)} already, and a disk cannot shrink. ` +
                    `Keep its size: pulumi config set --path ${key} ${sizeOf(claim)}. For a smaller disk, name another claim.`,
            );
        }
    }
}

function sizeOf({ spec }: Found): string {
    const { resources } = (spec ?? {}) as { resources?: { requests?: { storage?: string } } };
    return resources?.requests?.storage ?? "0";
}

function isUsed({ metadata }: Found, training: TrainingConfig | undefined): boolean {
    const named = (storage: StorageConfig | undefined) => storage !== undefined && "claim" in storage && storage.claim === metadata.name;
    return training !== undefined && metadata.namespace === training.namespace && [training.checkpoints, training.data].some(named);
}
