import type { Pushed } from "../../builds/pushed";
import type { Trigger } from "../../builds/trigger";

export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** A trigger that builds one image at pushes to main and develop which change something under docker/. */
export const triggerOf = (edits: Partial<Trigger>): Trigger => ({
    id: "0f8fad5b",
    name: "build",
    project: "p",
    location: "us-central1",
    github: { owner: "team", name: "platform", push: { branch: "^(main|develop)$" } },
    includedFiles: ["docker/**"],
    build: buildOf({}),
    ...edits,
});

export const buildOf = (edits: Partial<Trigger["build"]>): Trigger["build"] => ({
    steps: [
        { id: "builder", name: "docker", args: ["buildx", "create", "--use"], waitFor: ["-"] },
        { id: "app", name: "docker", args: ["buildx", "build", "--tag=r/app:$SHORT_SHA", "--load", "docker/app"], waitFor: ["builder"] },
    ],
    images: ["r/app:$SHORT_SHA"],
    tags: [],
    timeout: "60s",
    options: { logging: "CLOUD_LOGGING_ONLY", machineType: "E2_HIGHCPU_8" },
    ...edits,
});

export const pushOf = (edits: Partial<Pushed>): Pushed => ({
    kind: "branch",
    name: "main",
    commit: COMMIT,
    files: ["docker/app/app.py"],
    ...edits,
});
