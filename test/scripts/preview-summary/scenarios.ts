/** A value of the stack file by its path; undefined removes it. A function is given the images that the stack runs. */
export type Edit = readonly [path: readonly (string | number)[], value: unknown];

type Images = Readonly<Record<string, string>>;

const at = (section: string, ...path: readonly (string | number)[]): readonly (string | number)[] => [
    "config",
    `ml-platform:${section}`,
    ...path,
];

/** Changes of `Pulumi.sandbox.yaml`, each of a kind that a reviewer sees. */
export const SCENARIOS: Readonly<Record<string, readonly Edit[]>> = {
    "nothing-changes": [],
    "more-nodes": [[at("cluster", "pools", 0, "maxNodes"), 3]],
    "gpu-pool-replaced": [[at("cluster", "pools", 1, "accelerator"), "nvidia-tesla-t4"]],
    "machine-type-changed": [[at("cluster", "pools", 0, "machineType"), "g2-standard-8"]],
    "cluster-replaced": [[at("cluster", "location"), "us-central1-b"]],
    "new-run": [[at("training", "runId"), "second"]],
    "same-run-other-arguments": [[at("training", "args"), ["--epochs", "5"]]],
    "training-removed": [[at("training"), undefined]],
    "training-namespace-renamed": [[at("training", "namespace"), "experiments"]],
    "service-removed": [[at("inference", "services"), []]],
    "service-scaled": [[at("inference", "services", 0, "replicas"), 2]],
    "service-renamed": [[at("inference", "services", 0, "name"), "numbers"]],
    "service-memory": [[at("inference", "services", 0, "memory"), "2Gi"]],
    "build-argument": [[at("images", "buildArguments"), { LOG_LEVEL: "debug" }]],
    // The builds receive its content as a secret, so it must not appear in a summary.
    "ca-bundle-added": [[at("images", "caBundle"), "test/scripts/preview-summary/ca-bundle.pem"]],
    "channel-moved": [[at("images", "channel"), "nightly"]],
    "release-instead-of-build": [
        [at("images", "from"), "release"],
        [at("images", "release"), (images: Images) => ({ ...images, commit: "0123456789abcdef0123456789abcdef01234567" })],
    ],
    "registry-renamed": [[at("registry", "repository"), "other-images"]],
    "reader-added": [[at("registry", "readers"), ["serviceAccount:pull-request-preview@ml-platform-sandbox.iam.gserviceaccount.com"]]],
    "registry-opened": [[at("registry", "readers"), ["allUsers"]]],
    "everything-removed": [
        [at("training"), undefined],
        [at("inference"), undefined],
        [at("cluster"), undefined],
        [at("images"), undefined],
        [at("build"), undefined],
        [at("registry"), undefined],
    ],
    "wrong-configuration": [[at("inference", "services", 0, "gpus"), 8]],
};
