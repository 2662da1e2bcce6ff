import { expect } from "chai";
import { kubeconfig } from "../../../components/workloads/kubeconfig";

interface Kubeconfig {
    readonly clusters: { cluster: Record<string, string> }[];
    readonly users: { user: Record<string, unknown> }[];
}

const made = (endpoint: string) => JSON.parse(kubeconfig({ name: "ml", endpoint, caCertificate: "Q0E=" })) as Kubeconfig;

describe("kubeconfig", () => {
    it("names the control plane and its certificate", () => {
        expect(made("203.0.113.7").clusters[0]?.cluster).to.deep.equal({
            server: "https://203.0.113.7",
            "certificate-authority-data": "Q0E=",
        });
    });

    it("omits the certificate if a public authority signs it", () => {
        const config = JSON.parse(kubeconfig({ name: "ml", endpoint: "gke-1a2b.us-central1.gke.goog" })) as Kubeconfig;
        expect(config.clusters[0]?.cluster).to.deep.equal({ server: "https://gke-1a2b.us-central1.gke.goog" });
    });

    it("keeps the port of the endpoint", () => {
        expect(made("127.0.0.1:6443").clusters[0]?.cluster).to.include({ server: "https://127.0.0.1:6443" });
    });

    it("contains no secret, because the plugin requests a token for each call", () => {
        expect(Object.keys(made("203.0.113.7").users[0]?.user ?? {})).to.deep.equal(["exec"]);
        expect(made("203.0.113.7").users[0]?.user.exec).to.include({ command: "gke-gcloud-auth-plugin" });
    });
});
