import { expect } from "chai";
import type { EndpointSlice, Service } from "../../../kube/objects";
import { addressesOf } from "../../../cluster/network/name-server";

const SERVICES: readonly Service[] = [
    { metadata: { name: "api", namespace: "ml" }, spec: { clusterIP: "10.0.128.7" } },
    { metadata: { name: "workers", namespace: "ml" }, spec: { clusterIP: "None" } },
    { metadata: { name: "early", namespace: "ml" }, spec: { clusterIP: "None", publishNotReadyAddresses: true } },
];
const endpoints = [
    { addresses: ["10.0.1.2"], hostname: "run-0", conditions: { ready: true } },
    { addresses: ["10.0.2.2"], hostname: "run-1", conditions: { ready: false } },
];
const SLICES: readonly EndpointSlice[] = ["workers", "early"].map((name) => ({
    metadata: { name: `${name}-x`, namespace: "ml", labels: { "kubernetes.io/service-name": name } },
    endpoints,
}));

describe("names of a cluster", () => {
    for (const [name, expected] of [
        ["api.ml.svc.cluster.local", ["10.0.128.7"]],
        ["API.ml.svc.Cluster.local", ["10.0.128.7"]],
        ["workers.ml.svc.cluster.local", ["10.0.1.2"]],
        ["run-0.workers.ml.svc.cluster.local", ["10.0.1.2"]],
        ["early.ml.svc.cluster.local", ["10.0.1.2", "10.0.2.2"]],
        ["run-1.early.ml.svc.cluster.local", ["10.0.2.2"]],
        ["run-1.workers.ml.svc.cluster.local", undefined],
        ["x.api.ml.svc.cluster.local", undefined],
        ["api.other.svc.cluster.local", undefined],
        ["api.ml.svc.cluster.local.ml.svc.cluster.local", undefined],
        ["svc.cluster.local", undefined],
        ["example.com", undefined],
    ] as const) {
        it(`${name} is ${expected?.join(", ") ?? "not there"}`, () => {
            expect(addressesOf(name, SERVICES, SLICES)).to.deep.equal(expected);
        });
    }
});
