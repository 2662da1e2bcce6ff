import { expect } from "chai";
import { claimReadiness } from "../../../../providers/kubernetes/awaits/claim";
import { deletionProgress } from "../../../../providers/kubernetes/awaits/deletion";
import { definitionReadiness, readinessOf } from "../../../../providers/kubernetes/awaits/kinds";
import { podReadiness } from "../../../../providers/kubernetes/awaits/pod";
import { serviceReadiness } from "../../../../providers/kubernetes/awaits/service";
import { daemonSetReadiness, statefulSetReadiness } from "../../../../providers/kubernetes/awaits/sets";
import type { AnyObject } from "../../../../kube/objects";
import { event, pod, readyPod } from "./objects";

describe("a Service", () => {
    const service = (spec: object, status: object = {}): AnyObject => ({ metadata: { name: "web", uid: "s" }, spec, status });
    const slice = (name: string, ready?: boolean): AnyObject => ({
        metadata: { name: `${name}-x`, labels: { "kubernetes.io/service-name": name } },
        endpoints: [{ conditions: ready === undefined ? {} : { ready } }],
    });
    const selector = { app: "web" };
    const state = (object: AnyObject, endpointSlices: readonly AnyObject[] = []) =>
        serviceReadiness.verdict(object, { endpointSlices }).state;

    it("waits for one of its endpoints to be ready", () => {
        expect(state(service({ selector }))).to.equal("waiting");
        expect(state(service({ selector }), [slice("web", false)])).to.equal("waiting");
        expect(state(service({ selector }), [slice("other", true)])).to.equal("waiting");
        expect(state(service({ selector }), [slice("web", true)])).to.equal("ready");
        expect(state(service({ selector }), [slice("web")])).to.equal("ready");
    });

    it("is not awaited when it is headless, external, or selects nothing", () => {
        expect(state(service({ selector, clusterIP: "None" }))).to.equal("ready");
        expect(state(service({ selector, type: "ExternalName" }))).to.equal("ready");
        expect(state(service({}))).to.equal("ready");
    });

    it("waits for its address when it is a load balancer", () => {
        expect(state(service({ selector, type: "LoadBalancer" }), [slice("web")])).to.equal("waiting");
        expect(
            state(service({ selector, type: "LoadBalancer" }, { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } }), [slice("web")]),
        ).to.equal("ready");
    });

    it("reports whether no pod matches, or no matching pod is ready", () => {
        const message = (pods: readonly AnyObject[]) => serviceReadiness.verdict(service({ selector }), { pods });
        expect(message([])).to.deep.include({ message: "[1/2] waiting for a pod that serves: no pod matches its selector" });
        expect(message([pod("d", { waiting: { reason: "CreateContainerError", message: "m" } })])).to.deep.include({
            message: "[1/2] waiting for a pod that serves: pod p: container c: CreateContainerError: m",
        });
    });
});

describe("a PersistentVolumeClaim", () => {
    const claim = (phase: string, storageClassName?: string): AnyObject => ({
        metadata: { name: "data", uid: "c" },
        spec: storageClassName === undefined ? {} : { storageClassName },
        status: { phase },
    });
    const storageClass = (name: string, volumeBindingMode: string, isDefault = false): AnyObject => ({
        metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
        volumeBindingMode,
    });
    const storageClasses = [storageClass("later", "WaitForFirstConsumer", true), storageClass("now", "Immediate")];
    const state = (object: AnyObject) => claimReadiness.verdict(object, { storageClasses }).state;

    it("waits to be bound, unless its first pod binds it", () => {
        expect(state(claim("Bound", "now"))).to.equal("ready");
        expect(state(claim("Pending", "now"))).to.equal("waiting");
        expect(state(claim("Pending", "later"))).to.equal("ready");
        expect(state(claim("Pending"))).to.equal("ready");
        expect(state(claim("Pending", ""))).to.equal("waiting");
        expect(state(claim("Lost", "later"))).to.equal("failed");
    });

    it("reports the provisioner's message", () => {
        const events = [event("c", "ProvisioningFailed", "no such class")];
        expect(claimReadiness.verdict(claim("Pending", "now"), { storageClasses, events })).to.deep.include({
            message: "waiting for a volume: no such class",
        });
    });
});

describe("a Pod", () => {
    it("is ready when it serves or has succeeded, and failed when it has failed", () => {
        expect(podReadiness.verdict(readyPod("x"), {})).to.deep.include({ state: "ready" });
        expect(podReadiness.verdict(pod("x", {}, { status: { phase: "Succeeded" } }), {})).to.deep.include({ state: "ready" });
        expect(podReadiness.verdict(pod("x", { terminated: { exitCode: 2 } }, { status: { phase: "Failed" } }), {})).to.deep.include({
            state: "failed",
            message: "pod p: container c: exited with 2",
        });
        expect(podReadiness.verdict(pod("x", { running: {} }, { container: { ready: false } }), {})).to.deep.include({
            state: "waiting",
            message: "pod p: container c: running, not ready",
        });
        expect(podReadiness.verdict(pod("x", { waiting: { reason: "InvalidImageName" } }), {})).to.deep.include({ state: "failed" });
    });
});

describe("sets", () => {
    const set = (spec: object, status: object): AnyObject => ({
        metadata: { name: "s", uid: "s", generation: 1 },
        spec,
        status: { observedGeneration: 1, ...status },
    });

    it("a StatefulSet waits for all its replicas to be ready and new", () => {
        const state = (status: object) => statefulSetReadiness.verdict(set({ replicas: 2 }, status), {}).state;
        expect(state({ readyReplicas: 1, updatedReplicas: 2 })).to.equal("waiting");
        expect(state({ readyReplicas: 2, updatedReplicas: 1, currentRevision: "a", updateRevision: "b" })).to.equal("waiting");
        expect(state({ readyReplicas: 2, updatedReplicas: 2 })).to.equal("ready");
        expect(state({ readyReplicas: 2, updatedReplicas: 2, observedGeneration: 0 })).to.equal("waiting");
    });

    it("a DaemonSet waits for a pod on every eligible node", () => {
        const state = (status: object) => daemonSetReadiness.verdict(set({}, status), {}).state;
        expect(state({ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 })).to.equal("waiting");
        expect(state({ desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 })).to.equal("waiting");
        expect(state({ desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 })).to.equal("ready");
        expect(state({ desiredNumberScheduled: 0 })).to.equal("ready");
    });
});

describe("a CustomResourceDefinition", () => {
    it("waits until its kind is served, and fails when its names are taken", () => {
        const state = (...conditions: object[]) =>
            definitionReadiness.verdict({ metadata: { name: "d" }, status: { conditions } } as AnyObject, {}).state;
        expect(state()).to.equal("waiting");
        expect(state({ type: "NamesAccepted", status: "False" })).to.equal("failed");
        expect(state({ type: "NamesAccepted", status: "True" }, { type: "Established", status: "True" })).to.equal("ready");
    });
});

describe("deletionProgress", () => {
    const object = (finalizers: readonly string[], conditions: readonly object[] = []): AnyObject => ({
        metadata: { name: "o", finalizers },
        status: { conditions },
    });

    it("reports the finalizers that hold an object", () => {
        expect(deletionProgress(object([]))).to.equal("waiting for deletion");
        expect(deletionProgress(object(["foregroundDeletion"]))).to.equal("waiting for deletion: its dependents are deleted first");
        expect(deletionProgress(object(["example.com/hold"]))).to.equal("waiting for deletion: held by the finalizers example.com/hold");
        const remaining = {
            type: "NamespaceContentRemaining",
            status: "True",
            message: "Some resources are remaining: pods. has 2 resource instances",
        };
        expect(deletionProgress(object([], [remaining]))).to.equal(`waiting for deletion: ${remaining.message}`);
    });
});

describe("readinessOf", () => {
    it("knows which kinds are awaited", () => {
        expect(readinessOf("apps", "Deployment")).not.to.equal(undefined);
        expect(readinessOf("", "Service")).not.to.equal(undefined);
        expect(readinessOf("", "ConfigMap")).to.equal(undefined);
        expect(readinessOf("example.com", "Deployment")).to.equal(undefined);
    });
});
