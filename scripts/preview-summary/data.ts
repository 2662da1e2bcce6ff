import type { Change } from "./change";
import type { Consequence } from "./classes";
import { shown } from "./values";
import { isRemoval, undone, what } from "./wording";

/** What goes with a resource that holds data. */
const HOLDS: Readonly<Record<string, string>> = {
    "gcp:artifactregistry/repository:Repository": "all images in it go, also those that other stacks run",
    // The provider deletes the digest from the registry, whoever else refers to it.
    "docker-build:index:Image": "its digest is deleted from the registry, also where another stack was promoted to it",
    "gcp:storage/bucket:Bucket": "all objects in it go",
    "gcp:secretmanager/secret:Secret": "all versions of the secret go",
    "gcp:kms/cryptoKey:CryptoKey": "what it encrypted can no longer be read",
    "kubernetes:core/v1:Namespace": "everything in it goes, runs and volumes included",
    "kubernetes:core/v1:PersistentVolumeClaim": "the data on its volume goes, checkpoints included",
    "kubernetes:core/v1:PersistentVolume": "the data on it can go",
};

/** The end of a resource that holds data. */
export function dataConsequence(change: Change): Consequence | undefined {
    const loss = isCache(change) ? undefined : HOLDS[change.type];
    if (loss === undefined || !isRemoval(change)) {
        return undefined;
    }
    return { class: "data-lost", text: `${what(change)} is ${undone(change)}: ${loss}` };
}

/** A build cache costs time, not data; the program names its repository so. */
const isCache = ({ old }: Change): boolean => shown(old?.inputs, "repositoryId")?.endsWith("-cache") === true;
