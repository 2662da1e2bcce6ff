import { expect } from "chai";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";

interface State {
    readonly deployment: {
        readonly resources: readonly { readonly urn: string; readonly outputs?: Readonly<Record<string, unknown>> }[];
    };
}

const UNCHANGED = /Resources:\n {4}\d+ unchanged\n/;

/** pulumi-kubernetes#2491: a stack keeps changes by others in the cloud and in the cluster. */
describe("an update changes nothing", () => {
    let clone: Clone;
    let restore: () => void;

    before(async () => {
        ({ clone } = sandbox());
        // The sandbox serves no duty cycle, so the autoscaler does not interfere with the commands below.
        const autoscaling = { min: 1, max: 2, metric: "gpu-duty-cycle", target: 60 };
        restore = clone.configure({ "inference.services.0.autoscaling": autoscaling, "inference.services.0.replicas": undefined });
        await clone.up();
        // Scales as the autoscaler does. The second pod requests a second GPU, so the node pool grows as well.
        for (const command of [
            ["scale", "deployment", "digits", "--replicas", "2"],
            ["rollout", "status", "deployment", "digits", "--timeout", "90s"],
        ]) {
            const { code, output } = await clone.sandbox("kubectl", ...command, "--namespace", "inference");
            expect(code, output).to.equal(0);
        }
    });

    after(async () => {
        restore();
        await clone.up();
    });

    it("after a service and its node pool were autoscaled", async () => {
        expect(await clone.up()).to.match(UNCHANGED);
    });

    it("after a refresh, which reads the existing nodes, their taints and GKE's labels", async () => {
        const refresh = await clone.sandbox("refresh", "--yes");
        expect(refresh.code, refresh.output).to.equal(0);
        const { deployment } = await clone.json<State>("stack", "export");
        const of = (name: string) => deployment.resources.find(({ urn }) => urn.endsWith(name))?.outputs ?? {};
        expect(of(":NodePool::cluster-inference")).to.include({ nodeCount: 2, initialNodeCount: 0 });
        expect(of(":NodePool::cluster-inference").nodeConfig).to.deep.include({
            effectiveTaints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
            resourceLabels: { "goog-gke-accelerator-type": "nvidia-l4", "goog-gke-node-pool-provisioning-model": "on-demand" },
        });
        expect(of(":Deployment::digits").spec).to.include({ replicas: 2 });
        expect(await clone.up()).to.match(UNCHANGED);
        const { code, output } = await clone.sandbox(
            "kubectl",
            "get",
            "deployment",
            "digits",
            "--namespace",
            "inference",
            "--output=jsonpath={.spec.replicas}",
        );
        expect([code, output.trim()]).to.deep.equal([0, "2"]);
    });
});
