import { expect } from "chai";
import { CONTAINER_SECURITY, POD_SECURITY, RESTRICTED_NAMESPACE } from "../../k8s/pod-security";

describe("pod security", () => {
    it("meets the standard `restricted`, with the images' own user", () => {
        expect(POD_SECURITY).to.deep.equal({
            runAsNonRoot: true,
            runAsUser: 1000,
            runAsGroup: 1000,
            fsGroup: 1000,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
        });
        expect(CONTAINER_SECURITY).to.deep.equal({
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
        });
    });

    it("is enforced by the namespace", () => {
        expect(RESTRICTED_NAMESPACE).to.include({ "pod-security.kubernetes.io/enforce": "restricted" });
    });
});
