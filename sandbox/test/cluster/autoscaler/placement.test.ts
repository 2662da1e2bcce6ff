import { expect } from "chai";
import { selects, tolerates, untolerated } from "../../../cluster/autoscaler/placement";
import { pendingPod } from "../pools";

const TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" } as const;

describe("tolerations", () => {
    for (const [toleration, expected] of [
        [{ key: "nvidia.com/gpu", operator: "Exists" }, true],
        [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }, true],
        [{ key: "nvidia.com/gpu", operator: "Equal", value: "present" }, true],
        [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }, true],
        [{ operator: "Exists" }, true],
        [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoExecute" }, false],
        [{ key: "nvidia.com/gpu", value: "absent" }, false],
        [{ key: "nvidia.com/gpu" }, false],
        [{ key: "spot", operator: "Exists" }, false],
        [{ value: "present" }, false],
    ] as const) {
        it(`${expected ? "match" : "do not match"}: ${JSON.stringify(toleration)}`, () => {
            expect(tolerates([toleration], TAINT)).to.equal(expected);
        });
    }

    it("are not needed for a preference", () => {
        expect(untolerated(pendingPod("p", {}), [{ ...TAINT, effect: "PreferNoSchedule" }])).to.deep.equal([]);
        expect(untolerated(pendingPod("p", {}), [TAINT])).to.deep.equal([TAINT]);
    });
});

describe("selection of nodes", () => {
    const labels = { zone: "a", gpus: "4" };
    const affinity = (...terms: readonly { key: string; operator: string; values?: readonly string[] }[][]) => ({
        affinity: {
            nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                    nodeSelectorTerms: terms.map((matchExpressions) => ({ matchExpressions })),
                },
            },
        },
    });

    it("requires every label of the selector", () => {
        expect(selects(pendingPod("p", {}, { nodeSelector: { zone: "a", gpus: "4" } }), labels)).to.equal(true);
        expect(selects(pendingPod("p", {}, { nodeSelector: { zone: "a", gpus: "8" } }), labels)).to.equal(false);
    });

    for (const [requirement, expected] of [
        [{ key: "zone", operator: "In", values: ["a", "b"] }, true],
        [{ key: "zone", operator: "In", values: ["b"] }, false],
        [{ key: "zone", operator: "NotIn", values: ["b"] }, true],
        [{ key: "zone", operator: "NotIn", values: ["a"] }, false],
        [{ key: "none", operator: "NotIn", values: ["a"] }, true],
        [{ key: "zone", operator: "Exists" }, true],
        [{ key: "none", operator: "Exists" }, false],
        [{ key: "none", operator: "DoesNotExist" }, true],
        [{ key: "zone", operator: "DoesNotExist" }, false],
        [{ key: "gpus", operator: "Gt", values: ["3"] }, true],
        [{ key: "gpus", operator: "Gt", values: ["4"] }, false],
        [{ key: "gpus", operator: "Lt", values: ["5"] }, true],
        [{ key: "none", operator: "Lt", values: ["5"] }, false],
    ] as const) {
        it(`${expected ? "takes" : "refuses"} ${JSON.stringify(requirement)}`, () => {
            expect(selects(pendingPod("p", {}, affinity([requirement])), labels)).to.equal(expected);
        });
    }

    it("requires all expressions of one term; an empty term matches nothing", () => {
        const yes = { key: "zone", operator: "Exists" };
        const no = { key: "none", operator: "Exists" };
        expect(selects(pendingPod("p", {}, affinity([no], [yes])), labels)).to.equal(true);
        expect(selects(pendingPod("p", {}, affinity([yes, no])), labels)).to.equal(false);
        expect(selects(pendingPod("p", {}, affinity([])), labels)).to.equal(false);
    });
});
