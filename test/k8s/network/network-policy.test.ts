import { expect } from "chai";
import {
    defaultDenySpec,
    serviceNetworkSpec,
    tensorboardNetworkSpec,
    trainingNetworkSpec,
    workerNetworkSpec,
} from "../../../k8s/network/network-policy";

const labels = { app: "digits" };
const inCluster = { port: 8000, public: false, egress: [] };
const dns = {
    ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
    ],
};

const metadata = {
    to: [{ ipBlock: { cidr: "169.254.169.252/32" } }, { ipBlock: { cidr: "169.254.169.254/32" } }],
    ports: [
        { protocol: "TCP", port: 80 },
        { protocol: "TCP", port: 988 },
    ],
};
const https = { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }], ports: [{ protocol: "TCP", port: 443 }] };

describe("network policies", () => {
    it("deny everything to every pod", () => {
        expect(defaultDenySpec()).to.deep.equal({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    });

    it("allow a service requests from the cluster, and connections to DNS, the metadata server, and Google's APIs and other HTTPS servers", () => {
        const spec = serviceNetworkSpec(labels, inCluster);
        expect(spec.ingress).to.deep.equal([{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 8000 }] }]);
        expect(spec.egress).to.deep.equal([dns, metadata, https]);
    });

    it("allow a service and a run the ranges and namespaces that they list, and leave hosts to GKE", () => {
        const egress = [
            { cidr: "10.20.0.5/32", ports: [5432] },
            { namespace: "mlflow", ports: [5000] },
            { host: "huggingface.co", ports: [443] },
        ];
        const listed = [
            { to: [{ ipBlock: { cidr: "10.20.0.5/32", except: undefined } }], ports: [{ protocol: "TCP", port: 5432 }] },
            {
                to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "mlflow" } }, podSelector: undefined }],
                ports: [{ protocol: "TCP", port: 5000 }],
            },
        ];
        expect(serviceNetworkSpec(labels, { ...inCluster, egress }).egress).to.deep.equal([dns, metadata, https, ...listed]);
        const peers = { to: [{ podSelector: { matchLabels: labels } }] };
        expect(trainingNetworkSpec(labels, egress).egress).to.deep.equal([dns, metadata, https, ...listed, peers]);
    });

    it("allow a worker no ingress, and egress to its broker", () => {
        const spec = workerNetworkSpec(labels, [{ cidr: "10.20.0.5/32", ports: [6379] }]);
        expect(spec).to.deep.include({ podSelector: { matchLabels: labels }, policyTypes: ["Ingress", "Egress"], ingress: [] });
        expect(spec.egress).to.deep.equal([
            dns,
            metadata,
            https,
            { to: [{ ipBlock: { cidr: "10.20.0.5/32", except: undefined } }], ports: [{ protocol: "TCP", port: 6379 }] },
        ]);
    });

    it("allow Google's load balancers to reach a public service", () => {
        expect(serviceNetworkSpec(labels, { ...inCluster, public: true }).ingress)
            .to.have.nested.property("[0].from")
            .that.deep.includes({
                ipBlock: { cidr: "35.191.0.0/16" },
            });
    });

    it("allow the pods of runs ingress only from each other", () => {
        expect(trainingNetworkSpec(labels, []).ingress).to.deep.equal([{ from: [{ podSelector: { matchLabels: labels } }] }]);
    });

    it("allow TensorBoard ingress only from the cluster", () => {
        expect(tensorboardNetworkSpec(labels, 6006).ingress).to.deep.equal([
            { from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: 6006 }] },
        ]);
    });

    it("apply to both directions of every workload, so that they deny what they do not list", () => {
        const specs = [serviceNetworkSpec(labels, inCluster), trainingNetworkSpec(labels, []), tensorboardNetworkSpec(labels, 6006)];
        expect(specs.map(({ podSelector, policyTypes }) => ({ podSelector, policyTypes }))).to.deep.equal(
            Array(3).fill({ podSelector: { matchLabels: labels }, policyTypes: ["Ingress", "Egress"] }),
        );
    });
});
