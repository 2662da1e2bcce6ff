import { expect } from "chai";
import { buckets, FUSE_SIDECAR, fuseSidecar, storageAnnotations, storageVolume } from "../../k8s/volumes";

describe("volumes", () => {
    it("mounts a claim", () => {
        expect(storageVolume("data", { claim: "digits" }, true)).to.deep.equal({
            name: "data",
            persistentVolumeClaim: { claimName: "digits", readOnly: true },
        });
    });

    it("mounts a bucket as the images' user", () => {
        expect(storageVolume("data", { bucket: "digits" }, false)).to.deep.equal({
            name: "data",
            csi: {
                driver: "gcsfuse.csi.storage.gke.io",
                readOnly: false,
                volumeAttributes: { bucketName: "digits", mountOptions: "implicit-dirs,uid=1000,gid=1000" },
            },
        });
    });

    it("requests the sidecar only with a bucket", () => {
        expect(storageAnnotations([undefined, { claim: "digits" }])).to.deep.equal({});
        expect(storageAnnotations([{ claim: "digits" }, { bucket: "digits" }])).to.deep.equal({ "gke-gcsfuse/volumes": "true" });
    });

    it("caches files of a bucket with a cache on the node, and downloads them in parallel", () => {
        const { csi } = storageVolume("model", { bucket: "models", cache: "40Gi" }, true) as { csi: { volumeAttributes: object } };
        expect(csi.volumeAttributes).to.deep.equal({
            bucketName: "models",
            mountOptions:
                "implicit-dirs,uid=1000,gid=1000,file-cache:max-size-mb:40960,file-cache:cache-file-for-range-read:true," +
                "file-cache:enable-parallel-downloads:true,metadata-cache:ttl-secs:-1,metadata-cache:stat-cache-max-size-mb:-1," +
                "metadata-cache:type-cache-max-size-mb:-1,file-system:kernel-list-cache-ttl-secs:-1,read_ahead_kb=1024",
        });
    });

    it("gives the sidecar the ephemeral storage of its caches, more than the caches alone, and does not limit its CPU and memory", () => {
        const storages = [{ bucket: "runs" }, { bucket: "models", cache: "40Gi" }, { bucket: "data", cache: "500Mi" }, { claim: "more" }];
        expect(fuseSidecar(storages)).to.deep.equal({ cpu: "1", memory: "1Gi", ephemeralStorage: "46580Mi" });
        expect(storageAnnotations(storages)).to.deep.equal({
            "gke-gcsfuse/volumes": "true",
            "gke-gcsfuse/cpu-request": "1",
            "gke-gcsfuse/cpu-limit": "0",
            "gke-gcsfuse/memory-request": "1Gi",
            "gke-gcsfuse/memory-limit": "0",
            "gke-gcsfuse/ephemeral-storage-request": "46580Mi",
            "gke-gcsfuse/ephemeral-storage-limit": "46580Mi",
        });
        expect([fuseSidecar([{ bucket: "runs" }]), fuseSidecar([{ claim: "runs" }, undefined])]).to.deep.equal([FUSE_SIDECAR, undefined]);
    });

    it("names the buckets", () => {
        expect(buckets([undefined, { claim: "a" }, { bucket: "b" }])).to.deep.equal(["b"]);
    });

    it("include the default requests of GKE's sidecar", () => {
        expect(FUSE_SIDECAR).to.deep.equal({ cpu: "250m", memory: "256Mi", ephemeralStorage: "5Gi" });
    });
});
