import { expect } from "chai";
import { defaultDenySpec, serviceNetworkSpec, tensorboardNetworkSpec, trainingNetworkSpec } from "../../k8s/network-policy";

const labels = { app: "digits" };
const inCluster = { port: 8000, public: false, model: false };
const dns = {
    ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
    ],
};

describe("network policies", () => {
    it("deny everything to every pod", () => {
        expect(defaultDenySpec()).to.deep.equal({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    });

    it("let a service be asked from the cluster, and ask nothing but names", () => {
        const spec = serviceNetworkSpec(labels, inCluster);
        expect(spec.ingress).to.deep.equal([{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 8000 }] }]);
        expect(spec.egress).to.deep.equal([dns]);
    });

    it("let Google's load balancers in to a public service", () => {
        expect(serviceNetworkSpec(labels, { ...inCluster, public: true }).ingress)
            .to.have.nested.property("[0].from")
            .that.deep.includes({
                ipBlock: { cidr: "35.191.0.0/16" },
            });
    });

    it("let a service with a mounted model reach its bucket and its identity", () => {
        expect(serviceNetworkSpec(labels, { ...inCluster, model: true }).egress).to.have.length(3);
    });

    it("let a run reach its trackers over HTTPS, its identity and its own pods, and never the metadata server over HTTPS", () => {
        const { egress, ingress } = trainingNetworkSpec(labels);
        expect(ingress).to.deep.equal([{ from: [{ podSelector: { matchLabels: labels } }] }]);
        expect(egress).to.deep.include({
            to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
            ports: [{ protocol: "TCP", port: 443 }],
        });
    });

    it("let TensorBoard be read in the cluster only", () => {
        expect(tensorboardNetworkSpec(labels, 6006).ingress).to.deep.equal([
            { from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 6006 }] },
        ]);
    });
});
