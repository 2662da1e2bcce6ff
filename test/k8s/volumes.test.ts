import { expect } from "chai";
import { buckets, FUSE_SIDECAR, storageAnnotations, storageVolume } from "../../k8s/volumes";

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

    it("asks for the sidecar only where there is a bucket", () => {
        expect(storageAnnotations([undefined, { claim: "digits" }])).to.deep.equal({});
        expect(storageAnnotations([{ claim: "digits" }, { bucket: "digits" }])).to.deep.equal({ "gke-gcsfuse/volumes": "true" });
    });

    it("names the buckets", () => {
        expect(buckets([undefined, { claim: "a" }, { bucket: "b" }])).to.deep.equal(["b"]);
    });

    it("know what GKE's sidecar requests", () => {
        expect(FUSE_SIDECAR).to.deep.equal({ cpu: "250m", memory: "256Mi", ephemeralStorage: "5Gi" });
    });
});
