import { expect } from "chai";
import { KUEUE_RELEASE } from "../../../../components/cluster/queues/kueue-chart";
import { LOCAL_CHARTS } from "../../../../sandbox/toolchain/local-charts";

describe("Kueue's chart", () => {
    it("is one that the sandbox can build, with the image of its pods", () => {
        const { chart, version, values } = KUEUE_RELEASE;
        const { image } = (values as { controllerManager: { manager: { image: { repository: string; tag: string } } } }).controllerManager
            .manager;
        const local = LOCAL_CHARTS.find((one) => one.chart === chart && one.version === version);
        expect(local?.image.reference).to.equal(`${image.repository}:${image.tag}`);
    });
});
