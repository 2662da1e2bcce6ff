import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { type BootstrapSettings, stateBucket } from "./settings";

/** Number of earlier versions of a state file to keep. Pulumi keeps backups too, but only versions contain an overwritten or deleted file. */
const KEPT_VERSIONS = 50;

/** Rotation period of the key: 90 days, in seconds. Google keeps earlier versions, so that old values can still be decrypted. */
const ROTATION = `${90 * 24 * 60 * 60}s`;

/** The bucket with the state of all stacks. */
export function createStateBucket({ project, region, home }: BootstrapSettings, options: pulumi.CustomResourceOptions): gcp.storage.Bucket {
    return new gcp.storage.Bucket(
        "state",
        {
            project,
            name: stateBucket(home),
            location: region,
            uniformBucketLevelAccess: true,
            publicAccessPrevention: "enforced",
            versioning: { enabled: true },
            lifecycleRules: [{ condition: { numNewerVersions: KEPT_VERSIONS, withState: "ARCHIVED" }, action: { type: "Delete" } }],
        },
        { ...options, protect: true },
    );
}

/** The key that encrypts the secrets of the stack. A key and its key ring cannot be deleted from a project. */
export function createSecretsKey({ project, region }: BootstrapSettings, options: pulumi.CustomResourceOptions): gcp.kms.CryptoKey {
    const kept = { ...options, protect: true };
    const ring = new gcp.kms.KeyRing("pulumi", { project, name: "pulumi", location: region }, kept);
    return new gcp.kms.CryptoKey("stack-secrets", { keyRing: ring.id, name: "stack-secrets", rotationPeriod: ROTATION }, kept);
}
