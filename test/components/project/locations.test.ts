import { expect } from "chai";

import { locationIntent } from "../../../components/project/locations";
import type { WordIntent } from "../../../components/config/remedies/word-intent";
import { multiRegions, regions, zones } from "../../../gke/zones";

const europeWest = regions.filter((region) => /^europe-west\d/.test(region));
const registry = [...regions, ...multiRegions];
const cluster = [...regions, ...zones];

describe("the intended location", () => {
    const understood: readonly (readonly [given: string, valid: readonly string[], intent: WordIntent])[] = [
        // Amazon Web Services.
        ["eu-west-1", regions, { candidates: europeWest }],
        ["eu-west-1", cluster, { candidates: europeWest }],
        ["us-west-2", regions, { candidates: ["us-west1", "us-west2", "us-west3", "us-west4"] }],
        ["US-WEST-2", regions, { candidates: ["us-west1", "us-west2", "us-west3", "us-west4"] }],
        ["us-east-1a", cluster, { candidates: ["us-east1", "us-east4", "us-east5"] }],
        ["me-central-1", regions, { candidates: ["me-central1", "me-central2"] }],
        ["ca-central-1", regions, { candidates: ["northamerica-northeast1", "northamerica-northeast2", "northamerica-south1"] }],
        // Azure.
        ["westeurope", regions, { candidates: europeWest }],
        ["uksouth", regions, { candidates: regions.filter((region) => region.startsWith("europe-")) }],
        // One typing error.
        ["us-central-1", regions, { value: "us-central1" }],
        ["US_Central1", regions, { value: "us-central1" }],
        ["us-centrel1", regions, { value: "us-central1" }],
        ["us-central1-a", regions, { value: "us-central1" }],
        ["us-central1-z", regions, { value: "us-central1" }],
        ["us-central1-A", cluster, { value: "us-central1-a" }],
        // Two readings, or another digit.
        ["us-est1", regions, { candidates: regions.filter((region) => region.startsWith("us-")) }],
        ["us-centrall", regions, { candidates: ["us-central1"] }],
        ["us-central2", regions, { candidates: ["us-central1"] }],
        ["us-east2", regions, { candidates: ["us-east1", "us-east4", "us-east5"] }],
        ["ue-west1", regions, { candidates: regions }],
        ["us-central1-d", cluster, { candidates: ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"] }],
        ["us-central2-b", cluster, { candidates: ["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"] }],
        // Multi-regions.
        ["EU", registry, { candidates: registry.filter((location) => location.startsWith("europe")) }],
        ["Europe", registry, { value: "europe" }],
        ["mars", regions, { candidates: regions }],
        ["", regions, { candidates: regions }],
    ];
    for (const [given, valid, intent] of understood) {
        it(`${given} of ${valid.length}: ${JSON.stringify(intent).slice(0, 60)}`, () => {
            expect(locationIntent(given, valid)).to.deep.equal(intent);
        });
    }
});
