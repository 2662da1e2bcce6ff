import { expect } from "chai";
import type { Node } from "../../../kube/objects";
import type { KubeApi } from "../../../kube/api";
import { SIMULATED } from "../../../cluster/simulated/node-simulator";
import { nodeObject, SimulatedNode } from "../../../cluster/simulated/simulated-node";
import { stagesFile } from "../../../cluster/simulated/simulated-stages";
import { shapeOf } from "../../../cluster/gke/node-shape";
import { gpuPool } from "../pools";

const which = { name: "gke-ml-gpu-1", pool: gpuPool(), zone: "us-central1-a", project: "p" };

describe("a simulated node", () => {
    it("is labelled as one, and has the pool's labels, taints and shape", () => {
        const { metadata, spec, status } = nodeObject(which) as Node;
        expect(metadata.labels).to.include({
            [SIMULATED.label]: SIMULATED.value,
            "cloud.google.com/gke-nodepool": "gpu",
            "topology.kubernetes.io/zone": "us-central1-a",
        });
        expect(spec?.taints).to.deep.equal([{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }]);
        expect(status).to.deep.include(shapeOf(gpuPool()));
    });

    it("starts the simulator first, and waits until the node is ready", async () => {
        const calls: string[] = [];
        let asked = 0;
        const api = {
            create: (path: string) => Promise.resolve(void calls.push(`create ${path}`)),
            get: (path: string) => {
                asked += 1;
                calls.push(`get ${path}`);
                return Promise.resolve({ status: { conditions: [{ type: "Ready", status: asked > 1 ? "True" : "False" }] } });
            },
        } as unknown as KubeApi;
        await new SimulatedNode(api, { ensure: () => Promise.resolve(void calls.push("ensure")) }, which).start();
        const get = "get /api/v1/nodes/gke-ml-gpu-1";
        expect(calls).to.deep.equal(["ensure", "create /api/v1/nodes", get, get]);
    });

    it("does not exist if the simulator does not start", async () => {
        const api = { create: () => Promise.reject(new Error("created all the same")) } as unknown as KubeApi;
        const node = new SimulatedNode(api, { ensure: () => Promise.reject(new Error("kwok ended with 1")) }, which);
        expect(await node.start().catch((error: unknown) => String(error))).to.equal("Error: kwok ended with 1");
    });
});

describe("the stages of simulated nodes and their pods", () => {
    it("are documents of kwok with unique names", () => {
        const stages = stagesFile()
            .split("---\n")
            .map((document) => JSON.parse(document) as { apiVersion: string; kind: string; metadata: { name: string } });
        expect(stages.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).to.deep.equal(
            stages.map(() => "kwok.x-k8s.io/v1alpha1 Stage"),
        );
        expect(stages.map(({ metadata }) => metadata.name)).to.deep.equal([
            "node-ready",
            "pod-ready",
            "pod-complete",
            "pod-end",
            "pod-delete",
        ]);
    });
});
