import { expect } from "chai";
import * as fs from "node:fs";
import { expectedFile, previewFile, summaryOf } from "./recorded";
import { SCENARIOS } from "./scenarios";

/** Exit status of each scenario with a destructive class in its summary. */
const EXITS: Readonly<Record<string, number>> = {
    "gpu-pool-replaced": 14,
    "machine-type-changed": 14,
    "cluster-replaced": 12,
    "training-removed": 12,
    "training-namespace-renamed": 10,
    "service-removed": 16,
    "service-renamed": 16,
    "registry-renamed": 12,
    "everything-removed": 12,
    "registry-opened": 10,
    "wrong-configuration": 10,
};

describe("summaries of the engine's own previews", () => {
    for (const scenario of Object.keys(SCENARIOS)) {
        it(scenario, () => {
            const { markdown, exit } = summaryOf(scenario);
            expect(markdown).to.equal(fs.readFileSync(expectedFile(scenario), "utf8"));
            expect(exit).to.equal(EXITS[scenario] ?? 0);
        });
    }

    it("show no secrets of previews that contain secrets", () => {
        const recorded = Object.keys(SCENARIOS).map((scenario) => fs.readFileSync(previewFile(scenario), "utf8"));
        expect(recorded.some((text) => text.includes("[secret]"))).to.equal(true);
        for (const scenario of Object.keys(SCENARIOS)) {
            expect(summaryOf(scenario).markdown).not.to.contain("[secret]");
        }
    });
});
