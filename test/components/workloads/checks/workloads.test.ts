import { expect } from "chai";
import { sound } from "../../bad-stacks";
import { problemsOf } from "../../problems-of";
import { edited } from "../../stack-files";

/** Remedies for a service that asks for this much on a node with one L4 and 4 vCPUs. */
function remediesFor(request: Readonly<Record<string, string>>): readonly string[] {
    const service = Object.entries(request).map(([field, value]) => [`ml-platform:inference.services[0].${field}`, value] as const);
    const raw = edited(sound, {
        "ml-platform:cluster.pools[0].acceleratorCount": 1,
        "ml-platform:cluster.pools[0].machineType": "g2-standard-4",
        ...Object.fromEntries<string>(service),
    });
    return problemsOf(raw).map(({ remedy }) => remedy);
}

const machineType = (name: string) => `pulumi config set --path 'ml-platform:cluster.pools[0].machineType' ${name}`;

describe("a pod that is too large for its nodes", () => {
    it("fits when it asks for exactly what a node leaves", () => {
        expect(remediesFor({ cpu: "3170m", memory: "8Gi" })).to.deep.equal([]);
    });

    it("is answered with the smallest machine that fits, to the last thousandth of a core", () => {
        expect(remediesFor({ cpu: "3171m", memory: "8Gi" })).to.deep.equal([machineType("g2-standard-8")]);
        expect(remediesFor({ cpu: "7160m", memory: "8Gi" })).to.deep.equal([machineType("g2-standard-8")]);
        expect(remediesFor({ cpu: "7161m", memory: "8Gi" })).to.deep.equal([machineType("g2-standard-12")]);
    });

    it("is answered with a machine that has both the CPU and the memory", () => {
        expect(remediesFor({ cpu: "2", memory: "14Gi" })).to.deep.equal([machineType("g2-standard-8")]);
        expect(remediesFor({ cpu: "7160m", memory: "40Gi" })).to.deep.equal([machineType("g2-standard-12"), machineType("g2-standard-12")]);
    });
});
