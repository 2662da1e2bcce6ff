import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";

import type { ClusterLookup, Found } from "../../../components/workloads/cluster-lookup";
import { parseConfig } from "../../../components/config/load";
import { reportKeptClaims } from "../../../components/training/kept-claims";
import { sound } from "../bad-stacks";
import { listening } from "../recorded";
import { edited } from "../stack-files";

const OWN = { "ml-platform/stack": "dev", "ml-platform/project": "ml-platform" };

const claim = (name: string, namespace: string, labels: Readonly<Record<string, string>> = OWN): Found => ({
    metadata: { name, namespace, labels },
    spec: { resources: { requests: { storage: "10Gi" } } },
});

describe("reportKeptClaims", () => {
    const checkpoints = { claim: "checkpoints", size: "10Gi" };
    const { training } = parseConfig(edited(sound, { "ml-platform:training.checkpoints": checkpoints }), "dev");

    before(async () => {
        await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "ml-platform", "dev");
    });

    const reported = (claims: readonly Found[], run = training) =>
        listening(() => reportKeptClaims({ list: () => Promise.resolve(claims) } as unknown as ClusterLookup, run));

    it("names the claims that the stack file no longer names, with the command that deletes them", async () => {
        expect(await reported([claim("checkpoints", "training"), claim("old", "training")])).to.deep.equal([
            "info: [runtime] Claim old (10Gi) in namespace training is kept with its data, and the stack file does not use it. " +
                "It is used again when the stack file names it. To delete it and its data: kubectl --namespace training delete pvc old",
        ]);
    });

    it("names a claim of that name in another namespace, and every claim of a stack without a run", async () => {
        expect(await reported([claim("checkpoints", "elsewhere")])).to.have.length(1);
        expect(
            await listening(() =>
                reportKeptClaims(
                    { list: () => Promise.resolve([claim("checkpoints", "training")]) } as unknown as ClusterLookup,
                    undefined,
                ),
            ),
        ).to.have.length(1);
    });

    it("says nothing of the claims of a stack with the same name in another Pulumi project", async () => {
        expect(await reported([claim("weights", "vision", { ...OWN, "ml-platform/project": "vision" })])).to.deep.equal([]);
    });
});
