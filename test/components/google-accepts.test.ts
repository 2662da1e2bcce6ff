import { expect } from "chai";
import * as fc from "fast-check";
import { googleStacks, PROMOTED } from "./careless/google-settings";
import { problemsOf } from "./problems-of";
import { refusalsOf } from "./simulated-update";

/** Number of accepted stacks to create. Takes an hour for 5,000: `CARELESS_STACKS=5000 npx mocha --no-config --require tsx/cjs --timeout 7200000 test/components/google-accepts.test.ts`. */
const STACKS = Number(process.env.CARELESS_STACKS ?? 40);

describe("a stack that the checks accept", function () {
    this.timeout(Math.max(120_000, STACKS * 20_000)); // half a second for each stack, and several seconds on a busy machine

    it(`is not refused later by Google's API (${STACKS} stacks)`, async () => {
        // One after another, because runs of the program share Pulumi's runtime.
        await fc.assert(
            fc.asyncProperty(googleStacks, async ({ stack, raw }) => {
                fc.pre(problemsOf(raw, stack).length === 0);
                expect(await refusalsOf(stack, raw)).to.deep.equal([]);
            }),
            { numRuns: STACKS, seed: 12, endOnFailure: true, maxSkipsPerRun: 1000 },
        );
    });

    it("fails here if the API refuses it, such as a secret in a project with a disabled API", async () => {
        const secrets = [{ secret: "projects/new-project/secrets/hub", version: "1", variable: "TOKEN" }];
        const pool = { name: "gpu", accelerator: "nvidia-l4", maxNodes: 1 };
        const refusals = await refusalsOf("dev", {
            "gcp:project": "team-ml",
            "gcp:region": "us-central1",
            "ml-platform:environment": "dev",
            "ml-platform:registry": { repository: "ml-images" },
            "ml-platform:images": PROMOTED,
            "ml-platform:cluster": { pools: [pool] },
            "ml-platform:inference": { services: [{ name: "digits", pool: "gpu", secrets }] },
        });
        expect(refusals.map((refusal) => refusal.split(" has not been used")[0])).to.deep.equal([
            "gcp:secretmanager/secretIamMember:SecretIamMember digits-secret-new-project.hub: googleapi: Error 403: Secret Manager API",
        ]);
    });
});
