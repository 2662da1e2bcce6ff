import type { NodeSelectorTerm, PersistentVolume, PersistentVolumeClaim, Pod } from "../../kube/objects";
import * as fs from "node:fs";
import * as path from "node:path";
import type { KubeApi } from "../../kube/api";
import { ApiError } from "../../kube/errors";
import { ObjectCache } from "../../kube/object-cache";
import { Reconciler } from "../../kube/reconciler";

const PROVISIONER = "pd.csi.storage.gke.io";
/** The scheduler sets this annotation to the node of the first pod that uses the claim. */
const SELECTED_NODE = "volume.kubernetes.io/selected-node";

/**
 * GKE's storage classes for Persistent Disk. The first one is the default.
 * https://cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes
 */
export const STORAGE_CLASSES: readonly object[] = [
    storageClass("standard-rwo", { "storageclass.kubernetes.io/is-default-class": "true" }),
    storageClass("premium-rwo", {}),
];

function storageClass(name: string, annotations: Readonly<Record<string, string>>): object {
    return {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: { name, annotations },
        provisioner: PROVISIONER,
        reclaimPolicy: "Delete",
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
    };
}

/** A claim that a pod uses. */
export interface UsedClaim {
    /** Unique in the cluster. */
    readonly key: string;
    /** Nodes that can access the claim's volume; undefined until the first pod is scheduled and the volume is created. */
    readonly reachedFrom: readonly NodeSelectorTerm[] | undefined;
}

/**
 * Creates a folder on this machine for each Persistent Disk claim, in the zone of the first node that uses it. Deletes the folder with the
 * claim.
 */
export class Volumes {
    private readonly claims: ObjectCache<PersistentVolumeClaim>;
    private readonly volumes: ObjectCache<PersistentVolume>;
    private readonly reconciler = new Reconciler("volumes", () => this.work());

    /**
     * @param folder parent folder of the volumes
     * @param zoneOf returns the zone of a node
     */
    constructor(
        private readonly api: KubeApi,
        private readonly folder: string,
        private readonly zoneOf: (node: string) => string | undefined,
    ) {
        this.claims = new ObjectCache(api, "/api/v1/persistentvolumeclaims");
        this.volumes = new ObjectCache(api, "/api/v1/persistentvolumes");
    }

    async start(): Promise<void> {
        fs.mkdirSync(this.folder, { recursive: true });
        for (const cache of [this.claims, this.volumes]) {
            cache.onChange(() => {
                this.reconciler.request();
            });
        }
        await Promise.all([this.claims.start(), this.volumes.start()]);
    }

    async stop(): Promise<void> {
        this.claims.stop();
        this.volumes.stop();
        await this.reconciler.stop();
    }

    /** Returns the claims of a pod. */
    claimsOf({ metadata: { namespace = "" }, spec }: Pod): readonly UsedClaim[] {
        const names = (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
        return names.map((name) => {
            const claim = this.claims.values().find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
            const volume = this.volumes.values().find(({ metadata }) => metadata.name === claim?.spec.volumeName);
            return { key: `${namespace}/${name}`, reachedFrom: volume?.spec.nodeAffinity?.required?.nodeSelectorTerms };
        });
    }

    private async work(): Promise<void> {
        for (const claim of this.claims.values()) {
            await this.provision(claim);
        }
        for (const volume of this.volumes.values()) {
            await this.reclaim(volume);
        }
    }

    private async provision({ metadata, spec }: PersistentVolumeClaim): Promise<void> {
        const node = metadata.annotations?.[SELECTED_NODE];
        if (spec.volumeName !== undefined || node === undefined) {
            return;
        }
        if (metadata.annotations?.["volume.kubernetes.io/storage-provisioner"] !== PROVISIONER) {
            return;
        }
        const zone = this.zoneOf(node);
        if (zone === undefined) {
            return;
        }
        const name = `pvc-${metadata.uid ?? ""}`;
        const folder = path.join(this.folder, name);
        fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
        const volume = {
            apiVersion: "v1",
            kind: "PersistentVolume",
            metadata: { name, annotations: { "pv.kubernetes.io/provisioned-by": PROVISIONER } },
            spec: {
                accessModes: spec.accessModes,
                capacity: { storage: spec.resources?.requests?.storage },
                claimRef: {
                    apiVersion: "v1",
                    kind: "PersistentVolumeClaim",
                    namespace: metadata.namespace,
                    name: metadata.name,
                    uid: metadata.uid,
                },
                persistentVolumeReclaimPolicy: "Delete",
                storageClassName: spec.storageClassName,
                volumeMode: "Filesystem",
                // Not hostPath: the kubelet applies the pod's fsGroup to local volumes, as it does to disks.
                local: { path: folder },
                nodeAffinity: {
                    required: {
                        nodeSelectorTerms: [{ matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: [zone] }] }],
                    },
                },
            },
        };
        await this.api.create("/api/v1/persistentvolumes", volume).catch((error: unknown) => {
            if (!(error instanceof ApiError && error.code === 409)) {
                throw error;
            }
        });
    }

    private async reclaim({ metadata, spec, status }: PersistentVolume): Promise<void> {
        const ours = metadata.annotations?.["pv.kubernetes.io/provisioned-by"] === PROVISIONER;
        if (
            !ours ||
            status?.phase !== "Released" ||
            spec.persistentVolumeReclaimPolicy !== "Delete" ||
            metadata.deletionTimestamp !== undefined
        ) {
            return;
        }
        fs.rmSync(path.join(this.folder, metadata.name), { recursive: true, force: true });
        await this.api.delete(`/api/v1/persistentvolumes/${metadata.name}`);
    }
}
