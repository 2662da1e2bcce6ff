import { expect } from "chai";
import type { Endpoint, EndpointSlice, Service } from "../../../kube/objects";
import { portsOf, targetsOf } from "../../../cluster/network/service-targets";

const service = (spec: Service["spec"]): Service => ({ metadata: { name: "api", namespace: "ml" }, spec });
const slice = (endpoints: readonly Endpoint[], name = "http", owner = "api"): EndpointSlice => ({
    metadata: { name: "api-x", namespace: "ml", labels: { "kubernetes.io/service-name": owner } },
    endpoints,
    ports: [{ name, port: 8000 }],
});

describe("ports of services", () => {
    it("are the TCP ones of a service with an address", () => {
        const ports = [{ port: 80, name: "http" }, { port: 53, name: "dns", protocol: "UDP" }, { port: 81 }];
        expect(portsOf(service({ clusterIP: "10.0.0.1", ports }))).to.deep.equal([
            { namespace: "ml", service: "api", clusterIp: "10.0.0.1", port: 80, portName: "http" },
            { namespace: "ml", service: "api", clusterIp: "10.0.0.1", port: 81, portName: "" },
        ]);
    });

    it("are empty for a headless service, or one without an address", () => {
        expect(portsOf(service({ clusterIP: "None", ports: [{ port: 80 }] }))).to.deep.equal([]);
        expect(portsOf(service({ ports: [{ port: 80 }] }))).to.deep.equal([]);
    });
});

describe("targets of a port", () => {
    const port = { namespace: "ml", service: "api", clusterIp: "10.0.0.1", port: 80, portName: "http" };
    const ready = { addresses: ["10.0.1.1"], conditions: { ready: true } };
    const unready = { addresses: ["10.0.1.2"], conditions: { ready: false, serving: false } };
    const ending = { addresses: ["10.0.1.3"], conditions: { ready: false, serving: true, terminating: true } };

    it("are the ready endpoints of all its slices", () => {
        const second = { addresses: ["10.0.2.1"], nodeName: "gke-1" };
        expect(targetsOf([slice([ready, unready, ending]), slice([second])], port)).to.deep.equal([
            { address: "10.0.1.1", port: 8000, node: "" },
            { address: "10.0.2.1", port: 8000, node: "gke-1" },
        ]);
    });

    it("are terminating endpoints that still serve, if none is ready", () => {
        expect(targetsOf([slice([unready, ending])], port)).to.deep.equal([{ address: "10.0.1.3", port: 8000, node: "" }]);
        expect(targetsOf([slice([unready])], port)).to.deep.equal([]);
    });

    it("are not those of another port or another service", () => {
        expect(targetsOf([slice([ready], "metrics")], port)).to.deep.equal([]);
        expect(targetsOf([slice([ready], "http", "other")], port)).to.deep.equal([]);
    });
});
