import { expect } from "chai";
import { formatPath } from "../../providers/property-path";

describe("formatPath", () => {
    for (const [segments, written] of [
        [["name"], "name"],
        [["nodeConfig", "taints", 0, "key"], "nodeConfig.taints[0].key"],
        [["labels", "app.kubernetes.io/name"], 'labels["app.kubernetes.io/name"]'],
        [["labels", 'say "hi"'], 'labels["say \\"hi\\""]'],
        [["a-b", "c"], '["a-b"].c'],
    ] as const) {
        it(`writes ${JSON.stringify(segments)} as ${written}`, () => {
            expect(formatPath(segments)).to.equal(written);
        });
    }
});
