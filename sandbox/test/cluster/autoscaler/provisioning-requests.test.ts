import { expect } from "chai";
import { answer, isOpen, podsOf, type ProvisioningRequest, verdictOn } from "../../../cluster/autoscaler/provisioning-requests";
import { decideScaleUp } from "../../../cluster/autoscaler/scale-up";
import type { KubeApi } from "../../../kube/api";
import { gpuPool, ON_GPU, pendingPod } from "../pools";

const request = (change: Partial<ProvisioningRequest> = {}): ProvisioningRequest => ({
    metadata: { name: "run-1", namespace: "training", uid: "u" },
    spec: { provisioningClassName: "queued-provisioning.gke.io", podSets: [{ podTemplateRef: { name: "ppt-run-1-main" }, count: 2 }] },
    ...change,
});

const { spec } = pendingPod("trainer", { "nvidia.com/gpu": "1" }, ON_GPU);

/** The pod template of the request, and what is written of it. */
function api() {
    const written: unknown[][] = [];
    const fake = {
        get: (path: string) => {
            expect(path).to.equal("/api/v1/namespaces/training/podtemplates/ppt-run-1-main");
            return Promise.resolve({ template: { metadata: { name: "", annotations: { own: "yes" } }, spec } });
        },
        patch: (...call: unknown[]) => {
            written.push(call);
            return Promise.resolve({});
        },
    };
    return { api: fake as unknown as KubeApi, written };
}

const decide = async (maxNodes: number) =>
    decideScaleUp({
        pools: [{ pool: { ...gpuPool(), queued: true, maxNodes }, nodes: {}, backedOff: false }],
        nodes: [],
        pending: await podsOf(api().api, request()),
        impatient: new Set(),
        claimsOf: () => [],
    });

describe("provisioning requests", () => {
    it("are answered once, and only those of the class of flex-start", () => {
        const withCondition = (type: string, status: "True" | "False") => request({ status: { conditions: [{ type, status }] } });
        expect(isOpen(request())).to.equal(true);
        expect(isOpen(withCondition("Provisioned", "False"))).to.equal(true);
        expect(isOpen(withCondition("Provisioned", "True"))).to.equal(false);
        expect(isOpen(withCondition("Failed", "True"))).to.equal(false);
        expect(isOpen(request({ spec: { provisioningClassName: "check-capacity.autoscaling.x-k8s.io", podSets: [] } }))).to.equal(false);
        expect(isOpen(request({ metadata: { name: "run-1", deletionTimestamp: "2026-01-01T00:00:00Z" } }))).to.equal(false);
    });

    it("cover the pods that they count, each with the annotation that admits it to the nodes", async () => {
        const pods = await podsOf(api().api, request());
        expect(pods.map(({ metadata }) => metadata.name)).to.deep.equal(["ppt-run-1-main-0", "ppt-run-1-main-1"]);
        expect(new Set(pods.map(({ metadata }) => metadata.uid))).to.have.property("size", 2);
        expect(pods[1]?.metadata.annotations).to.deep.equal({ own: "yes", "autoscaling.x-k8s.io/consume-provisioning-request": "run-1" });
    });

    it("get all their nodes, or none", async () => {
        const enough = await decide(2);
        expect(verdictOn(enough)).to.deep.equal({ fits: true });
        expect(enough.additions).to.have.length(2);
        expect(verdictOn(await decide(1))).to.deep.equal({ fits: false, reason: "1 max node group size reached" });
    });

    it("report acceptance and provisioning once each", async () => {
        const { api: kube, written } = api();
        await answer(kube, request(), "ResourcePoolExhausted", "Waiting for resources");
        const [path, type, body] = written[0] ?? [];
        expect(path).to.equal("/apis/autoscaling.x-k8s.io/v1/namespaces/training/provisioningrequests/run-1/status");
        expect(type).to.equal("merge-patch");
        const { conditions } = (body as { status: Required<NonNullable<ProvisioningRequest["status"]>> }).status;
        expect(conditions.map(({ type, status }) => [type, status])).to.deep.equal([
            ["Accepted", "True"],
            ["Provisioned", "False"],
        ]);
        await answer(kube, request({ status: { conditions } }), "ResourcePoolExhausted", "Waiting for resources");
        expect(written).to.have.length(1);
        await answer(kube, request({ status: { conditions } }), "Provisioned", "Provisioned");
        expect(written).to.have.length(2);
    });
});
