import { expect } from "chai";
import { requestsOf, shortages } from "../../kube/resources";

const container = (cpu: string, restartPolicy?: string) => ({
    name: "c",
    resources: { requests: { cpu } },
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
});

describe("requests of pods", () => {
    it("sum containers and overhead, and count the pod", () => {
        const pod = { metadata: { name: "p" }, spec: { containers: [container("1"), container("500m")], overhead: { cpu: "250m" } } };
        expect(requestsOf(pod)).to.deep.equal({ cpu: 1.75, pods: 1 });
    });

    it("use the largest init container if it needs more", () => {
        const spec = { containers: [container("1")], initContainers: [container("3"), container("2")] };
        expect(requestsOf({ metadata: { name: "p" }, spec })).to.deep.equal({ cpu: 3, pods: 1 });
    });

    it("add sidecars to both", () => {
        const spec = { containers: [container("1")], initContainers: [container("1", "Always"), container("3")] };
        expect(requestsOf({ metadata: { name: "p" }, spec })).to.deep.equal({ cpu: 4, pods: 1 });
        const late = { containers: [container("3")], initContainers: [container("3"), container("1", "Always")] };
        expect(requestsOf({ metadata: { name: "p" }, spec: late })).to.deep.equal({ cpu: 4, pods: 1 });
    });
});

describe("shortages", () => {
    it("name what is missing", () => {
        expect(shortages({ cpu: 2, memory: 1, "nvidia.com/gpu": 1 }, { cpu: 1, memory: 1 })).to.deep.equal(["cpu", "nvidia.com/gpu"]);
    });

    it("are empty if fractions add up to exactly the capacity", () => {
        expect(shortages({ cpu: 0.1 + 0.2 }, { cpu: 0.3 })).to.deep.equal([]);
        expect(shortages({ cpu: 0.301 }, { cpu: 0.3 })).to.deep.equal(["cpu"]);
    });
});
