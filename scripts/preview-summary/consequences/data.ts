import type { Change } from "../engine/change";
import type { Consequence } from "../classes";
import { shown } from "../engine/values";
import { isRemoval, undone, what } from "../wording";

/** The loss of a resource that holds data. */
const HOLDS: Readonly<Record<string, string>> = {
    "gcp:artifactregistry/repository:Repository": "all its images are deleted, including those that other stacks run",
    // The provider deletes the digest from the registry, even if others use it.
    "docker-build:index:Image": "its digest is deleted from the registry, even if another stack runs it",
    "gcp:storage/bucket:Bucket": "all its objects are deleted",
    "gcp:secretmanager/secret:Secret": "all its versions are deleted",
    "gcp:kms/cryptoKey:CryptoKey": "data that it encrypted can no longer be read",
    "kubernetes:core/v1:Namespace": "everything in it is deleted, including runs and volumes",
    "kubernetes:core/v1:PersistentVolumeClaim": "the data on its volume is deleted, including checkpoints",
    "kubernetes:core/v1:PersistentVolume": "the data on it may be deleted",
};

/** Consequence of deleting a resource that holds data. */
export function dataConsequence(change: Change): Consequence | undefined {
    const loss = isCache(change) ? undefined : HOLDS[change.type];
    if (loss === undefined || !isRemoval(change)) {
        return undefined;
    }
    return { class: "data-lost", text: `${what(change)} is ${undone(change)}: ${loss}` };
}

/** Whether it is the build cache, recognized by its name: losing it costs time, not data. */
const isCache = ({ old }: Change): boolean => shown(old?.inputs, "repositoryId")?.endsWith("-cache") === true;
