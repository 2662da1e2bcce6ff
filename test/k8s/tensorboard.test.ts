import { expect } from "chai";
import { tensorboardSpec } from "../../k8s/tensorboard";
import { containerOf, podOf } from "./pods";

const spec = tensorboardSpec({
    image: "registry.example/training@sha256:abc",
    serviceAccount: "tensorboard",
    checkpoints: { bucket: "runs" },
});

describe("tensorboard", () => {
    it("reads the logs of every run, and cannot write them", () => {
        expect(containerOf(spec).args).to.deep.include("--logdir=/checkpoints");
        expect(containerOf(spec).volumeMounts).to.deep.include({ name: "checkpoints", mountPath: "/checkpoints", readOnly: true });
        expect(podOf(spec).volumes).to.have.nested.property("[1].csi.readOnly", true);
    });

    it("reads new data of a run from a bucket", () => {
        expect(containerOf(spec).args).to.include.members(["--load_fast=false", "--reload_interval=30"]);
        expect(podOf(spec).volumes).to.have.nested.property(
            "[1].csi.volumeAttributes.mountOptions",
            "implicit-dirs,uid=1000,gid=1000,metadata-cache:ttl-secs:0",
        );
    });

    it("requests no GPU", () => {
        expect(JSON.stringify(spec)).not.to.include("nvidia.com/gpu");
    });

    it("is one small pod that answers HTTP", () => {
        expect(spec).to.include({ replicas: 1 });
        expect(containerOf(spec)).to.deep.include({
            name: "tensorboard",
            command: ["python3", "-m", "tensorboard.main"],
            ports: [{ name: "http", containerPort: 6006 }],
            readinessProbe: { httpGet: { path: "/", port: "http" } },
            resources: {
                requests: { cpu: "100m", memory: "512Mi", "ephemeral-storage": "1Gi" },
                limits: { memory: "512Mi", "ephemeral-storage": "1Gi" },
            },
        });
        expect(podOf(spec)).to.deep.include({ serviceAccountName: "tensorboard", automountServiceAccountToken: false });
        expect(podOf(spec).volumes).to.have.nested.property("[1].name", "checkpoints");
    });
});
