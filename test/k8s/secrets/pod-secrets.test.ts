import { expect } from "chai";
import { secretEnvironment, secretObjectNames, secretSources, secretVolumes, type PodSecret } from "../../../k8s/secrets/pod-secrets";

const TOKEN = { secret: "hf-token", version: "3", file: "hf-token" };
const BROKER = { secret: "projects/shared/secrets/broker", version: "latest", variable: "BROKER_URL" };
const SECRETS: readonly PodSecret[] = ["tracking", TOKEN, BROKER];

describe("secrets of a pod", () => {
    it("are a volume, variables and Kubernetes Secrets", () => {
        const { files, variables } = secretObjectNames("predict", SECRETS);
        expect(secretVolumes("predict", SECRETS)).to.deep.equal([
            {
                volume: {
                    name: "secrets",
                    csi: { driver: "secrets-store-gke.csi.k8s.io", readOnly: true, volumeAttributes: { secretProviderClass: files } },
                },
                mount: { name: "secrets", mountPath: "/secrets", readOnly: true },
            },
        ]);
        expect(secretEnvironment("predict", SECRETS)).to.deep.equal([
            { name: "BROKER_URL", valueFrom: { secretKeyRef: { name: variables, key: "BROKER_URL" } } },
        ]);
        expect(secretSources(SECRETS)).to.deep.equal([{ secretRef: { name: "tracking" } }]);
    });

    it("add nothing without secrets", () => {
        expect([secretObjectNames("predict", ["tracking"]), secretVolumes("predict", []), secretEnvironment("predict", [])]).to.deep.equal([
            {},
            [],
            [],
        ]);
        expect(secretSources([TOKEN])).to.equal(undefined);
    });

    it("are in objects of another name for each version, so that pods are replaced", () => {
        const names = (secrets: readonly PodSecret[]) => secretObjectNames("predict", secrets);
        expect(names(SECRETS).files).to.match(/^predict-files-[0-9a-f]{8}$/);
        expect(names(SECRETS).variables).to.match(/^predict-variables-[0-9a-f]{8}$/);
        expect(names([{ ...TOKEN, version: "4" }, BROKER]).files).not.to.equal(names(SECRETS).files);
        expect(names([{ ...TOKEN, version: "4" }, BROKER]).variables).to.equal(names(SECRETS).variables);
        expect(names(["tracking", "more", TOKEN, BROKER])).to.deep.equal(names(SECRETS));
    });
});
