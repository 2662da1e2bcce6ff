import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";

/** Days that a checkpoint can be restored after it was overwritten or deleted. */
const RESTORE_DAYS = 7;

/** Names of the buckets that exist already, among these. One that cannot be read counts as missing. */
export async function existingBuckets(names: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(
        names.map((name) =>
            gcp.storage.getBucket({ name }).then(
                () => [name],
                () => [],
            ),
        ),
    );
    return found.flat();
}

/**
 * A bucket for checkpoints or data: one way of granting access, never public, with the last versions of each file. It is kept when the stack no longer names it.
 * @param exists whether an earlier update kept it: then it is taken over
 */
export function keptBucket(name: string, bucket: string, location: string, exists: boolean, parent: pulumi.Resource): gcp.storage.Bucket {
    return new gcp.storage.Bucket(
        name,
        {
            name: bucket,
            location,
            uniformBucketLevelAccess: true,
            publicAccessPrevention: "enforced",
            versioning: { enabled: true },
            lifecycleRules: [{ action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: RESTORE_DAYS, withState: "ARCHIVED" } }],
        },
        { parent, retainOnDelete: true, ...(exists ? { import: bucket } : {}) },
    );
}
