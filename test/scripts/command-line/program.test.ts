import { expect } from "chai";
import { notOnPath } from "../../../scripts/command-line/program";

describe("notOnPath", () => {
    it("says where a program comes from, and how to run the same command with the sandbox's Pulumi", () => {
        expect(notOnPath("pulumi", { npm_lifecycle_event: "promote" })).to.equal(
            "pulumi is not on PATH: install it (https://www.pulumi.com/docs/iac/download-install/), or use the sandbox's: npm run sandbox -- run npm run promote -- …",
        );
        expect(notOnPath("gcloud", {})).to.equal("gcloud is not on PATH: install it (https://cloud.google.com/sdk/docs/install)");
        expect(notOnPath("docker", {})).to.equal("docker is not on PATH");
    });
});
