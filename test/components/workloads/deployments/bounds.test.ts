import { expect } from "chai";
import { boundsOf, withReplicas } from "../../../../components/workloads/deployments/bounds";

const autoscaling = { min: 2, max: 5 };

describe("bounds of a service or a worker", () => {
    it("are the autoscaler's, or the fixed number of pods", () => {
        expect(boundsOf({ autoscaling })).to.include({ min: 2, max: 5 });
        expect(boundsOf({ replicas: 3 })).to.deep.equal({ min: 3, max: 3 });
        expect(boundsOf({})).to.deep.equal({ min: 1, max: 1 });
    });

    it("default to one replica, or none with an autoscaler", () => {
        expect(withReplicas({})).to.deep.equal({ replicas: 1 });
        expect(withReplicas({ autoscaling })).to.deep.equal({ autoscaling, replicas: undefined });
        // The checks refuse both together.
        expect(withReplicas({ replicas: 2, autoscaling })).to.deep.equal({ autoscaling, replicas: 2 });
    });
});
