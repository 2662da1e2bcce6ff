import { expect } from "chai";
import { belongs } from "../../../cluster/node/leftover-processes";

describe("leftover processes", () => {
    const folder = "/run/ml-platform/0a1b2c3d/nodes";

    it("are the sandbox's programs with the folder in their command line", () => {
        expect(
            belongs(["/x/bin/containerd-shim-runc-v2", "-namespace", "k8s.io", "-address", `${folder}/0/containerd.sock`], folder),
        ).to.equal(true);
        expect(belongs(["/x/bin/kubelet", `--config=${folder}/0/kubelet.json`], folder)).to.equal(true);
    });

    it("exclude other programs, sandboxes and folders", () => {
        expect(belongs(["vim", `${folder}/0/kubelet.json`], folder)).to.equal(false);
        expect(belongs(["kubelet", "--config=/run/ml-platform/ffffffff/nodes/0/kubelet.json"], folder)).to.equal(false);
        expect(belongs(["kubelet", `--config=${folder}-of-others/kubelet.json`], folder)).to.equal(false);
        expect(belongs([], folder)).to.equal(false);
    });
});
