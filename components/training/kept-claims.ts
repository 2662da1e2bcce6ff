import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Found } from "../workloads/cluster-lookup";
import { isNewClaim, type NewClaim, type StorageConfig } from "../config/fields";
import { keyOfRun, storagesOf, type TrainingConfig } from "./config";
import { parseMemory } from "../../gke/quantities";
import { isOwn, ownerLabels, OWNER_LABEL_PATHS } from "../workloads/stack-label";
import { Refusal } from "../config/pulumi-sdk";

/** Logs, during preview too, the claims that the stack created and no longer uses. */
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
 * A disk cannot shrink: Kubernetes refuses a smaller request, but only during the update.
 * https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
 * @throws Refusal if the stack file has a smaller size than the existing claim
 */
export function refuseSmallerClaims(training: TrainingConfig | undefined, claims: readonly Found[]): void {
    const fields = (training?.runs ?? []).flatMap((run) => (["checkpoints", "data"] as const).map((field) => ({ run, field })));
    for (const { run, field } of fields) {
        const storage = run[field];
        if (!isNewClaim(storage)) {
            continue;
        }
        const claim = claims.find(({ metadata }) => metadata.namespace === run.namespace && metadata.name === storage.claim);
        if (claim !== undefined && parseMemory(sizeOf(claim)) > parseMemory(storage.size)) {
            const key = keyOfRun(run, field, "size");
            throw new Refusal(
                `${key} is ${storage.size}, but claim ${storage.claim} already has ${sizeOf(claim)}, and a disk cannot shrink. ` +
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
    return training !== undefined && metadata.namespace === training.namespace && storagesOf(training).some(named);
}

/**
 * A claim that the stack creates. It is kept, with its data, when the stack no longer uses it.
 * @param found options that import a claim from an earlier update
 */
export function keptClaim(
    name: string,
    { claim, size }: NewClaim,
    namespace: pulumi.Input<string>,
    found: { readonly import?: string },
    parent: pulumi.Resource,
): kubernetes.core.v1.PersistentVolumeClaim {
    return new kubernetes.core.v1.PersistentVolumeClaim(
        name,
        {
            // The claim is bound when its first pod is created, which may be after this update.
            metadata: { name: claim, namespace, labels: ownerLabels(), annotations: { "pulumi.com/skipAwait": "true" } },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } },
        },
        {
            parent,
            retainOnDelete: true,
            ...found,
            // Fields that the cluster adds, which an import would report as a difference.
            ignoreChanges: [
                "metadata.annotations",
                "metadata.finalizers",
                ...OWNER_LABEL_PATHS,
                "spec.storageClassName",
                "spec.volumeMode",
                "spec.volumeName",
            ],
        },
    );
}
