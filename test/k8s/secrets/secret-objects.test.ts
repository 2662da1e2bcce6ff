import { expect } from "chai";
import { parse } from "yaml";
import { fullSecretName, secretProviderClassSpec, secretSyncSpec } from "../../../k8s/secrets/secret-objects";

const TOKEN = { secret: "hf-token", version: "3", file: "hf-token" };
const BROKER = { secret: "projects/shared/secrets/broker", version: "latest", variable: "BROKER_URL" };

describe("objects that bring secrets to pods", () => {
    it("name a secret in full, of the stack's project or of another", () => {
        expect([TOKEN, BROKER].map((secret) => fullSecretName(secret, "p"))).to.deep.equal([
            "projects/p/secrets/hf-token",
            "projects/shared/secrets/broker",
        ]);
    });

    it("list the versions as text in YAML, each with the name of its file or variable", () => {
        const { provider, parameters } = secretProviderClassSpec("p", [TOKEN, BROKER]);
        expect(provider).to.equal("gke");
        expect(parse(parameters.secrets)).to.deep.equal([
            { resourceName: "projects/p/secrets/hf-token/versions/3", path: "hf-token" },
            { resourceName: "projects/shared/secrets/broker/versions/latest", path: "BROKER_URL" },
        ]);
    });

    it("fill the Kubernetes Secret as the workload's account", () => {
        expect(secretSyncSpec("predict-variables-1", "predict", [BROKER])).to.deep.equal({
            serviceAccountName: "predict",
            secretProviderClassName: "predict-variables-1",
            secretObject: { type: "Opaque", data: [{ sourcePath: "BROKER_URL", targetKey: "BROKER_URL" }] },
        });
    });
});
