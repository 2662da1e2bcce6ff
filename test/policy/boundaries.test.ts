import { expect } from "chai";
import { analyze, analyzeStack, type Described } from "./analyze";
import { changed, GOOD } from "./resources";

const POD = ["spec", "template", "spec"] as const;
const rulesOf = async (violations: Promise<readonly { readonly rule: string }[]>): Promise<string[]> =>
    (await violations).map(({ rule }) => rule).sort();

/** A Job on the pool, with one property of either changed. */
const placed = (edit: {
    pool?: readonly [readonly (string | number)[], unknown];
    job?: readonly [readonly (string | number)[], unknown];
}) =>
    rulesOf(
        analyzeStack([
            edit.pool === undefined ? GOOD.pool : changed(GOOD.pool, ...edit.pool),
            edit.job === undefined ? GOOD.job : changed(GOOD.job, [...POD, ...edit.job[0]], edit.job[1]),
        ]),
    );

/** A Deployment without a budget, with this many replicas, with or without a GPU. */
async function alone(replicas: number | undefined, gpus: boolean): Promise<string[]> {
    const scaled = changed(GOOD.deployment, ["spec", "replicas"], replicas);
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { memory: "1Gi" } };
    const deployment: Described = gpus ? scaled : changed(scaled, [...POD, "containers", 0, "resources"], resources);
    return rulesOf(analyzeStack([deployment]));
}

describe("policy rules at their boundaries", () => {
    it("treat an empty clean-up as missing, and not as the clean-up of a cache", async () => {
        const empty = changed(GOOD.repository, ["cleanupPolicies"], []);
        expect(await rulesOf(analyze(empty))).to.deep.equal(["registry-cleanup"]);
        expect(await rulesOf(analyze({ ...empty, protect: false }))).to.deep.equal(["registry-cleanup", "registry-protected"]);
    });

    it("accept an autoscaler with a fixed size", async () => {
        const size = (min: number, max: number) =>
            rulesOf(analyze(changed(GOOD.pool, ["autoscaling"], { minNodeCount: min, maxNodeCount: max })));
        expect(await size(2, 2)).to.deep.equal([]);
        expect(await size(3, 2)).to.deep.equal(["autoscaling-range"]);
    });

    it("accept the label of spot nodes only for spot pools", async () => {
        const spotOnly = [["nodeSelector", "cloud.google.com/gke-spot"], "true"] as const;
        expect(await placed({ job: spotOnly, pool: [["nodeConfig", "spot"], true] })).to.deep.equal([]);
        expect(await placed({ job: spotOnly })).to.deep.equal(["taints-tolerated"]);
    });

    it("read tolerations as Kubernetes does", async () => {
        const tolerating = (toleration: object) => placed({ job: [["tolerations"], [toleration]] });
        expect(await tolerating({ operator: "Exists" })).to.deep.equal([]);
        expect(await tolerating({ operator: "Equal", value: "present" })).to.deep.equal(["taints-tolerated"]);
        expect(await tolerating({ key: "nvidia.com/gpu", operator: "Exists" })).to.deep.equal([]);
        expect(await tolerating({ key: "nvidia.com/gpu", value: "present" })).to.deep.equal([]);
        expect(await tolerating({ key: "nvidia.com/gpu", operator: "Exists", effect: "NoExecute" })).to.deep.equal(["taints-tolerated"]);
    });

    it("require a disruption budget, except for a single replica without a GPU", async () => {
        expect(await alone(1, false)).to.deep.equal([]);
        expect(await alone(1, true)).to.deep.equal(["disruption-budget"]);
        expect(await alone(2, false)).to.deep.equal(["disruption-budget"]);
        expect(await alone(undefined, false)).to.deep.equal(["disruption-budget"]);
    });

    it("accept a pod if one of the selected pools accepts it", async () => {
        const closed = changed(GOOD.pool, ["nodeConfig", "taints", 1], { key: "team", value: "a", effect: "NO_EXECUTE" });
        expect(await rulesOf(analyzeStack([closed, GOOD.pool, GOOD.job]))).to.deep.equal([]);
        expect(await rulesOf(analyzeStack([closed, closed, GOOD.job]))).to.deep.equal(["taints-tolerated"]);
        expect(await placed({ job: [["tolerations", 1], { key: "other", operator: "Exists" }] })).to.deep.equal([]);
    });

    it("count a budget only for the pods that it selects by all of its labels", async () => {
        const selecting = (matchLabels: object) =>
            rulesOf(analyzeStack([GOOD.deployment, changed(GOOD.budget, ["spec", "selector", "matchLabels"], matchLabels)]));
        const name = { "app.kubernetes.io/name": "digits" };
        expect(await selecting(name)).to.deep.equal([]);
        expect(await selecting({ ...name, other: "x" })).to.deep.equal(["disruption-budget"]);
        expect(await selecting({})).to.deep.equal(["disruption-budget"]);
    });

    it("let node agents tolerate everything, with or without a GPU", async () => {
        const tolerating = (toleration: object, gpus: boolean) => {
            const pod = changed(GOOD.daemonSet, [...POD, "tolerations"], [toleration]);
            const resources = {
                requests: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" },
                limits: { memory: "1Gi", "ephemeral-storage": "1Gi" },
            };
            return rulesOf(analyze(gpus ? pod : changed(pod, [...POD, "containers", 0, "resources"], resources)));
        };
        expect(await tolerating({ operator: "Exists" }, true)).to.deep.equal([]);
        expect(await tolerating({ operator: "Exists" }, false)).to.deep.equal([]);
        expect(await tolerating({ operator: "Equal", value: "present" }, true)).to.deep.equal(["gpu-toleration"]);
        expect(await tolerating({ key: "other", operator: "Exists" }, true)).to.deep.equal(["gpu-toleration"]);
    });

    it("read the user of the container, then that of the pod", async () => {
        const users = (pod: number, container?: number) =>
            rulesOf(
                analyze(
                    changed(
                        changed(GOOD.pod, ["spec", "securityContext", "runAsUser"], pod),
                        ["spec", "containers", 0, "securityContext", "runAsUser"],
                        container,
                    ),
                ),
            );
        expect(await users(1000, 1000)).to.deep.equal([]);
        expect((await users(0)).every((rule) => rule === "non-root")).to.equal(true);
        expect(await users(0)).to.have.length(2); // Both of its containers.
        expect(await users(1000, 0)).to.deep.equal(["non-root"]);
    });

    it("require that a Job ignores disruptions, with any other rules", async () => {
        const judged = (...rules: object[]) => rulesOf(analyze(changed(GOOD.job, ["spec", "podFailurePolicy", "rules"], rules)));
        const [disrupted, other] = [
            { type: "DisruptionTarget", status: "True" },
            { type: "Ready", status: "False" },
        ];
        expect(
            await judged({ action: "FailJob", onExitCodes: {} }, { action: "Ignore", onPodConditions: [other, disrupted] }),
        ).to.deep.equal([]);
        expect(await judged({ action: "FailJob", onPodConditions: [disrupted] })).to.deep.equal(["job-failure-policy"]);
        expect(await judged({ action: "Ignore", onPodConditions: [other] })).to.deep.equal(["job-failure-policy"]);
    });

    it("treat a container without an image as one with the tag latest", async () => {
        const image = [...POD, "containers", 0, "image"];
        expect(await rulesOf(analyze(changed(GOOD.deployment, image, undefined)))).to.deep.equal(["image-by-digest", "image-not-latest"]);
    });
});
