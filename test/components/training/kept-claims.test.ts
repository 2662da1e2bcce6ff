import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";

import type { Found } from "../../../components/workloads/cluster-lookup";
import { parseConfig } from "../../../components/config/load";
import { refuseSmallerClaims, reportKeptClaims } from "../../../components/training/kept-claims";
import { sound } from "../bad-stacks";
import { listening } from "../recorded";
import { edited } from "../stack-files";

const OWN = { "ml-platform/stack": "dev", "ml-platform/project": "ml-platform" };

const claim = (name: string, namespace: string, labels: Readonly<Record<string, string>> = OWN, storage = "10Gi"): Found => ({
    metadata: { name, namespace, labels },
    spec: { resources: { requests: { storage } } },
});

const checkpoints = { claim: "checkpoints", size: "10Gi" };
const { training } = parseConfig(edited(sound, { "ml-platform:training.checkpoints": checkpoints }), "dev");

describe("reportKeptClaims", () => {
    before(async () => {
        await pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "ml-platform", "dev");
    });

    const reported = (claims: readonly Found[], run = training) => listening(() => reportKeptClaims(run, claims));

    it("lists claims that were removed from the stack file, with the command that deletes them", async () => {
        expect(await reported([claim("checkpoints", "training"), claim("old", "training")])).to.deep.equal([
            "info: [runtime] Claim old (10Gi) in namespace training is kept with its data, and the stack file does not use it. " +
                "It is used again when the stack file names it. To delete it and its data: kubectl --namespace training delete pvc old",
        ]);
    });

    it("names a claim of that name in another namespace, and every claim of a stack without a run", async () => {
        expect(await reported([claim("checkpoints", "elsewhere")])).to.have.length(1);
        expect(await listening(() => reportKeptClaims(undefined, [claim("checkpoints", "training")]))).to.have.length(1);
    });

    it("ignores claims without the labels of the stack", async () => {
        expect(await reported([claim("old", "training", {})])).to.deep.equal([]);
    });

    it("ignores claims of a stack with the same name in another Pulumi project", async () => {
        expect(await reported([claim("weights", "vision", { ...OWN, "ml-platform/project": "vision" })])).to.deep.equal([]);
    });
});

describe("refuseSmallerClaims", () => {
    const refusal = (storage: string, namespace = "training", name = "checkpoints") => {
        return () => {
            refuseSmallerClaims(training, [claim(name, namespace, {}, storage)]);
        };
    };

    it("refuses a size below that of the existing claim, and prints how to keep it", () => {
        for (const storage of ["11Gi", "1Ti"]) {
            expect(refusal(storage)).to.throw(
                pulumi.RunError,
                `ml-platform:training.checkpoints.size is 10Gi, but claim checkpoints already has ${storage}, and a disk cannot shrink. ` +
                    `Keep its size: pulumi config set --path ml-platform:training.checkpoints.size ${storage}. For a smaller disk, name another claim.`,
            );
        }
    });

    it("lets a claim keep its size and grow, and ignores claims of other names and namespaces", () => {
        for (const passes of [
            refusal("10Gi"),
            refusal("10240Mi"),
            refusal("5Gi"),
            refusal("20Gi", "elsewhere"),
            refusal("20Gi", "training", "old"),
        ]) {
            expect(passes).not.to.throw();
        }
        refuseSmallerClaims(undefined, [claim("checkpoints", "training", {}, "20Gi")]);
    });
});
