import { expect } from "chai";
import { dnsNameOf, nameWithSecretManager } from "../../../components/cluster/existing-cluster";
import { Refusal } from "../../../components/config/pulumi-sdk";

const on = [{ enabled: true }];

describe("an existing cluster", () => {
    it("has the Secret Manager add-on, or the error prints the commands that enable it", () => {
        expect(nameWithSecretManager({ name: "ml", secretManagerConfigs: on, secretSyncConfigs: on })).to.equal("ml");
        for (const configs of [{}, { secretManagerConfigs: on }, { secretManagerConfigs: [{ enabled: false }], secretSyncConfigs: on }]) {
            expect(() => nameWithSecretManager({ name: "ml", location: "us-central1", ...configs })).to.throw(
                Refusal,
                "workloads have secrets in Secret Manager, but the Secret Manager add-on of the existing cluster ml is not enabled. Enable it: " +
                    "gcloud container clusters update ml --location=us-central1 --enable-secret-manager --enable-secret-manager-rotation && " +
                    "gcloud container clusters update ml --location=us-central1 --enable-secret-sync --enable-secret-sync-rotation",
            );
        }
    });

    it("has a DNS-based endpoint, or the error names the setting for its IP address", () => {
        const endpoint = "gke-3c4d.us-central1.gke.goog";
        expect(dnsNameOf([{ dnsEndpointConfigs: [{ endpoint }] }] as Parameters<typeof dnsNameOf>[0])).to.equal(endpoint);
        expect(() => dnsNameOf([])).to.throw(Refusal, "set ml-platform:cluster.endpoint to ip");
    });
});
