import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { Refusal } from "../config/pulumi-sdk";
import { bucketLabel } from "../project/names";

/** Days during which an overwritten or deleted checkpoint can be restored. */
const RESTORE_DAYS = 7;

const [STACK, PROJECT] = ["ml-platform-stack", "ml-platform-project"] as const;

/** Labels of the stack that created a bucket. Cloud Storage takes no slash in a key, so they are not the ones of the cluster's objects. */
const ownerLabels = (): Record<string, string> => ({
    [STACK]: bucketLabel(pulumi.getStack()),
    [PROJECT]: bucketLabel(pulumi.getProject()),
});

/**
 * Names of those buckets that already exist. A bucket that cannot be read counts as missing. Two stacks that created one bucket would both manage it, and
 * write runs of one id to one folder.
 * @throws Refusal if a bucket belongs to another stack; a bucket without labels belongs to none
 */
export async function existingBuckets(names: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(
        names.map((name) =>
            gcp.storage.getBucket({ name }).then(
                ({ labels = {} }: { readonly labels?: Readonly<Record<string, string>> }) => [{ name, labels }],
                () => [],
            ),
        ),
    );
    return found.flat().map(({ name, labels }) => {
        refuseOthers(name, labels);
        return name;
    });
}

function refuseOthers(name: string, labels: Readonly<Record<string, string>>): void {
    if (Object.entries(ownerLabels()).some(([label, value]) => labels[label] !== undefined && labels[label] !== value)) {
        throw new Refusal(
            `Bucket ${name} was created by stack ${labels[STACK] ?? "?"} of Pulumi project ${labels[PROJECT] ?? "?"}. Name another bucket, or leave out create: true to use this one as it is. ` +
                `To take over what a deleted stack left: gcloud storage buckets update gs://${name} --remove-labels=${STACK},${PROJECT}`,
        );
    }
}

/**
 * A bucket for checkpoints or data, with uniform access, no public access, and versions of each file. It is kept when the stack no longer uses it.
 * @param exists whether an earlier update kept it, so that it is imported
 */
export function keptBucket(name: string, bucket: string, location: string, exists: boolean, parent: pulumi.Resource): gcp.storage.Bucket {
    return new gcp.storage.Bucket(
        name,
        {
            name: bucket,
            location,
            labels: ownerLabels(),
            uniformBucketLevelAccess: true,
            publicAccessPrevention: "enforced",
            versioning: { enabled: true },
            lifecycleRules: [{ action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: RESTORE_DAYS, withState: "ARCHIVED" } }],
        },
        // Older buckets do not get the labels, because an import requires equal properties.
        { parent, retainOnDelete: true, ignoreChanges: ["labels"], ...(exists ? { import: bucket } : {}) },
    );
}
