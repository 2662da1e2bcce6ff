import { expect } from "chai";
import { parseConfig } from "../../../components/config/load";
import { sectionNamespaces } from "../../../components/config/stack";
import { sound } from "../bad-stacks";

describe("the namespaces of sections", () => {
    it("are those of the sections that have workloads, in the order of the sections", () => {
        const { inference, training } = parseConfig(sound, "dev");
        expect(sectionNamespaces(parseConfig(sound, "dev"))).to.deep.equal([
            ["inference", inference?.namespace],
            ["training", training?.namespace],
        ]);
    });

    it("omit sections that the stack does not have, and facts that are not sections", () => {
        expect(sectionNamespaces({ project: "namespace", inference: undefined, build: null, cluster: { namespace: 1 } })).to.deep.equal([]);
    });
});
