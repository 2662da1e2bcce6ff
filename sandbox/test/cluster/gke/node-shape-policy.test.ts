import { expect } from "chai";
import { nodeShapePolicy } from "../../../cluster/gke/node-shape-policy";
import { cpuPool, gpuPool } from "../pools";

describe("the policy that shapes nodes", () => {
    const patches = (policy: object): string =>
        (policy as { spec: { mutations: [{ jsonPatch: { expression: string } }] } }).spec.mutations[0].jsonPatch.expression;

    it("sets capacity and allocatable, with the GPU resource's slash escaped", () => {
        const expression = patches(nodeShapePolicy(gpuPool()).policy);
        expect(expression).to.contain('JSONPatch{op: "add", path: "/status/capacity/cpu", value: "8"}');
        expect(expression).to.contain('JSONPatch{op: "add", path: "/status/allocatable/cpu", value: "7910m"}');
        expect(expression).to.contain('JSONPatch{op: "add", path: "/status/capacity/nvidia.com~1gpu", value: "1"}');
    });

    it("sets no GPUs on a pool without GPUs", () => {
        expect(patches(nodeShapePolicy(cpuPool()).policy)).not.to.contain("nvidia");
    });

    it("applies to its pool only, and has a binding", () => {
        const { name, policy, binding } = nodeShapePolicy(gpuPool({ name: "l4" }));
        expect(JSON.stringify(policy)).to.contain(String.raw`orValue(\"\") == \"l4\"`);
        expect(binding).to.deep.include({ metadata: { name }, spec: { policyName: name } });
    });
});
