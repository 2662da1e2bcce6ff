import { expect } from "chai";
import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { autoscalerSpec, autoscalingMetricSpec, type Load } from "../../../k8s/autoscaling";
import type { Pod } from "../../../sandbox/kube/objects";
import { KubernetesProvider } from "../../../sandbox/providers/kubernetes/provider";
import { type SimulatedCluster, simulatedCluster } from "./control-plane";

const LOAD: Load = { metric: "requests-in-flight", target: 2 };
const APPS = "/apis/apps/v1/namespaces/default/deployments/digits";
const PODS = "/api/v1/namespaces/default/pods";
const AUTOSCALERS = "/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers";
const WITHIN_MS = 90_000;

/** The autoscaler of a real controller manager, with pods that report metrics from this test. */
describe("an autoscaler on the sandbox", () => {
    const labels = { "inference-service": "digits" };
    let cluster: SimulatedCluster;
    let server: http.Server;
    let inFlight = 0;

    const autoscaler = (min: number, max: number, load: Load | undefined) => ({
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name: "digits", namespace: "default" },
        spec: autoscalerSpec({ name: "digits", min, max, load, coldStartSeconds: 10 }),
    });

    /** Marks every pod of the service as running at 127.0.0.1, and waits until the Deployment requests a number of pods. */
    const reaches = async (replicas: number): Promise<void> => {
        const deadline = Date.now() + WITHIN_MS;
        for (;;) {
            const { items } = await cluster.api.get<{ items: readonly Pod[] }>(PODS);
            for (const { metadata, status } of items.filter((pod) => pod.status?.phase !== "Running")) {
                const running = { ...status, phase: "Running", podIP: "127.0.0.1", podIPs: [{ ip: "127.0.0.1" }] };
                await cluster.api.patch(`${PODS}/${metadata.name}/status`, "merge-patch", { status: running });
            }
            const { spec } = await cluster.api.get<{ spec: { replicas: number } }>(APPS);
            if (spec.replicas === replicas) {
                return;
            }
            if (Date.now() > deadline) {
                const { status } = await cluster.api.get<{ status: unknown }>(`${AUTOSCALERS}/digits`);
                throw new Error(`${spec.replicas} replicas, not ${replicas}: ${JSON.stringify(status)}`);
            }
            await delay(1000);
        }
    };

    before(async function () {
        this.timeout(120_000);
        server = http.createServer((_, response) => response.end(`inference_requests_in_flight ${inFlight}\n`));
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        const { port } = server.address() as AddressInfo;
        cluster = await simulatedCluster("us-central1-a");
        await cluster.api.create("/apis/autoscaling.gke.io/v1beta1/namespaces/default/autoscalingmetrics", {
            apiVersion: "autoscaling.gke.io/v1beta1",
            kind: "AutoscalingMetric",
            metadata: { name: "digits", namespace: "default" },
            spec: autoscalingMetricSpec({ load: LOAD, podLabels: labels, port, dutyCycle: "" }),
        });
        await cluster.api.create("/apis/apps/v1/namespaces/default/deployments", {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: { name: "digits", namespace: "default" },
            spec: {
                replicas: 1,
                selector: { matchLabels: labels },
                template: { metadata: { labels }, spec: { containers: [{ name: "digits", image: "digits" }] } },
            },
        });
        await cluster.api.create(AUTOSCALERS, autoscaler(1, 3, LOAD));
    });

    after(async function () {
        this.timeout(60_000);
        server.close();
        await cluster.stop();
    });

    it("adds pods by their metric, up to its maximum", async () => {
        inFlight = 1;
        await reaches(1);
        inFlight = 9;
        await reaches(3);
        const { status } = await cluster.api.get<{ status: { conditions: readonly { type: string; status: string }[] } }>(
            `${AUTOSCALERS}/digits`,
        );
        expect(status.conditions.find(({ type }) => type === "ScalingActive")?.status).to.equal("True");
    });

    it("keeps a fixed number without a metric, also after a change from outside", async () => {
        await cluster.api.apply(`${AUTOSCALERS}/digits`, autoscaler(2, 2, undefined));
        await reaches(2);
        await cluster.api.patch(`${APPS}/scale`, "merge-patch", { spec: { replicas: 4 } });
        await reaches(2);
    });

    it("keeps its number over an update of the Deployment, until the program sets a number", async () => {
        const provider = new KubernetesProvider({ log: () => undefined, status: () => undefined });
        await provider.configure({ kubeconfig: JSON.stringify(cluster.kubeconfig) });
        const token = "kubernetes:apps/v1:Deployment";
        const target = { urn: `urn:pulumi:s::p::${token}::digits`, type: token, name: "digits", cancelled: new AbortController().signal };
        const inputs = (replicas: number, revision: string) => ({
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: {
                name: "digits",
                namespace: "default",
                annotations: { "pulumi.com/patchForce": "true", "pulumi.com/skipAwait": "true", revision },
            },
            spec: {
                replicas,
                selector: { matchLabels: labels },
                template: { metadata: { labels }, spec: { containers: [{ name: "digits", image: "digits" }] } },
            },
        });
        const update = (replicas: number, revision: string, ignoreChanges: readonly string[]) =>
            provider.update({
                ...target,
                id: "default/digits",
                inputs: inputs(replicas, revision),
                oldInputs: {},
                oldOutputs: {},
                preview: false,
                ignoreChanges,
            });
        await update(1, "1", ["spec.replicas"]);
        await reaches(2);
        expect(await update(2, "2", [])).to.have.nested.property("spec.replicas", 2);
    });

    it("runs in a namespace where a patch removes the API token from pods without an account", async () => {
        const provider = new KubernetesProvider({ log: () => undefined, status: () => undefined });
        await provider.configure({ kubeconfig: JSON.stringify(cluster.kubeconfig) });
        const token = "kubernetes:core/v1:ServiceAccountPatch";
        const target = { urn: `urn:pulumi:s::p::${token}::a`, type: token, name: "a", cancelled: new AbortController().signal };
        const inputs = {
            apiVersion: "v1",
            kind: "ServiceAccount",
            metadata: { name: "default", namespace: "default" },
            automountServiceAccountToken: false,
        };
        const { id, outputs } = await provider.create({ ...target, inputs, preview: false });
        expect([id, outputs.automountServiceAccountToken]).to.deep.equal(["default/default", false]);
        expect((await provider.read({ ...target, id, inputs, outputs }))?.inputs).to.deep.equal(inputs);
        await provider.delete({ ...target, id, inputs, outputs });
        const account = await cluster.api.get<object>("/api/v1/namespaces/default/serviceaccounts/default");
        expect(account).to.not.have.property("automountServiceAccountToken");
    });
});
