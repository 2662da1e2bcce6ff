import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { resources } from "./gpu";
import { CONTAINER_SECURITY, POD_SECURITY, tmp } from "./pod-security";
import { CHECKPOINTS } from "./training";
import { storageAnnotations, storageVolume, type Storage } from "./volumes";

/** Port that TensorBoard listens on. */
export const TENSORBOARD_PORT = 6006;

/** Interval between reads of the logs, in seconds. */
const RELOAD_SECONDS = 30;

/** Reads sizes from the bucket each time: a cached size may belong to an earlier version of the file. https://cloud.google.com/storage/docs/cloud-storage-fuse/caching */
const FRESH = ["metadata-cache:ttl-secs:0"];

/** TensorBoard on the logs of every run. */
export interface TensorboardSettings {
    /** The training image; TensorBoard is in it. */
    readonly image: Input<string>;
    readonly serviceAccount: Input<string>;
    /** Storage of the runs' checkpoints and logs. */
    readonly checkpoints: Storage;
}

export const TENSORBOARD_LABELS = { "app.kubernetes.io/name": "tensorboard", "app.kubernetes.io/component": "training" };

const SIZE = { cpu: "100m", memory: "512Mi", ephemeralStorage: "1Gi" };

/** Deployment of TensorBoard: one small pod on a CPU node that reads and never writes. */
export function tensorboardSpec(s: TensorboardSettings): types.input.apps.v1.DeploymentSpec {
    const { volume, mount } = tmp(SIZE.ephemeralStorage);
    return {
        replicas: 1,
        selector: { matchLabels: TENSORBOARD_LABELS },
        template: {
            metadata: { labels: TENSORBOARD_LABELS, annotations: storageAnnotations([s.checkpoints]) },
            spec: {
                serviceAccountName: s.serviceAccount,
                automountServiceAccountToken: false,
                securityContext: POD_SECURITY,
                containers: [
                    {
                        name: "tensorboard",
                        image: s.image,
                        command: ["python3", "-m", "tensorboard.main"],
                        args: [
                            `--logdir=${CHECKPOINTS}`,
                            `--port=${TENSORBOARD_PORT}`,
                            "--bind_all",
                            // The fast loader keeps files open and does not notice replaced files. On a bucket, every change replaces the file.
                            // https://github.com/tensorflow/tensorboard/issues/6790
                            "--load_fast=false",
                            `--reload_interval=${RELOAD_SECONDS}`,
                        ],
                        ports: [{ name: "http", containerPort: TENSORBOARD_PORT }],
                        resources: resources(SIZE),
                        securityContext: CONTAINER_SECURITY,
                        readinessProbe: { httpGet: { path: "/", port: "http" } },
                        volumeMounts: [mount, { name: "checkpoints", mountPath: CHECKPOINTS, readOnly: true }],
                    },
                ],
                volumes: [volume, storageVolume("checkpoints", s.checkpoints, true, FRESH)],
            },
        },
    };
}
