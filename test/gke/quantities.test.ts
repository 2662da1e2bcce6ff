import { expect } from "chai";
import { cpuQuantityOf, formatBytes, formatCpu, parseCpu, parseMemory } from "../../gke/quantities";

describe("quantities", () => {
    it("are read as Kubernetes reads them", () => {
        expect(["8Gi", "8G", "512Mi", "1Ti", "3Ki"].map(parseMemory)).to.deep.equal([8 * 2 ** 30, 8e9, 2 ** 29, 2 ** 40, 3072]);
        expect(["2", "0.5", "500m"].map(parseCpu)).to.deep.equal([2000, 500, 500]);
    });

    it("are written as short as they can be, and never smaller", () => {
        expect([10 * 2 ** 30, 10.5 * 2 ** 30, 1].map(formatBytes)).to.deep.equal(["10Gi", "10752Mi", "1Mi"]);
        expect([cpuQuantityOf(2000), cpuQuantityOf(1930), formatCpu(2000)]).to.deep.equal([2, "1930m", "2"]);
    });
});
