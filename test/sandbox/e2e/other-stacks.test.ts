import { expect } from "chai";
import { sandbox } from "./hooks";

describe("other stacks on the sandbox", () => {
    it("previews dev without an account", async () => {
        const { code, output } = await sandbox().clone.sandbox("preview", "-s", "dev");
        expect(code, output).to.equal(0);
        expect(output).to.match(/Resources:\n {4}\+ \d+ to create\n/);
    });

    it("refuses to update dev before any resource, because builds could not use its proxy of Docker Hub", async () => {
        const { code, output } = await sandbox().clone.sandbox("up", "--yes", "-s", "dev");
        expect(code).to.equal(1);
        expect(output.trim()).to.match(/^Stack dev pulls images through a proxy of Docker Hub .*; nothing was changed\./);
        expect(output).to.contain("npm run sandbox -- config set --stack dev --path ml-platform:registry.dockerHubProxy false");
    });

    it("refuses to update prod before its first promotion, and explains how to promote", async () => {
        const { code, output } = await sandbox().clone.sandbox("preview", "-s", "prod");
        expect(code).to.not.equal(0);
        expect(output).to.contain("npm run promote -- --from dev --to prod");
        expect(output).to.contain("nothing was changed");
        expect(output).to.not.match(/\+ +(gcp|kubernetes|docker-build):/);
    });

    it("does not change the committed stack files", async () => {
        const { clone } = sandbox();
        const before = ["sandbox", "dev", "prod"].map((stack) => clone.read(`Pulumi.${stack}.yaml`));
        await clone.sandbox("preview", "-s", "dev");
        expect(["sandbox", "dev", "prod"].map((stack) => clone.read(`Pulumi.${stack}.yaml`))).to.deep.equal(before);
    });

    it("lists the stacks if the requested one does not exist", async () => {
        const { code, output } = await sandbox().clone.sandbox("preview", "-s", "nowhere");
        expect(code).to.equal(1);
        expect(output.trim()).to.equal(
            "There is no stack nowhere: Pulumi.nowhere.yaml does not exist. Stacks with a file: dev, prod, sandbox.",
        );
    });

    it("reports every problem of a stack file at once, with key and remedy, and changes nothing", async () => {
        const { clone } = sandbox();
        const file = "Pulumi.sandbox.yaml";
        const original = clone.read(file);
        const ledger = clone.read(".sandbox/cloud/ledger.json");
        try {
            clone.write(
                file,
                original
                    .replace("maxNodes: 2", "maxNodes: 0")
                    .replace("accelerator: nvidia-l4\n        capacity: spot", "accelerator: nvidia-l5\n        capacity: spot"),
            );
            const { code, output } = await clone.sandbox("up", "--yes", "--skip-preview");
            expect(code).to.not.equal(0);
            expect(output).to.contain("ml-platform:cluster.pools[0].maxNodes");
            expect(output).to.contain("ml-platform:cluster.pools[1].accelerator");
            expect(output).to.contain("pulumi config set --path");
            expect(clone.read(".sandbox/cloud/ledger.json")).to.equal(ledger);
        } finally {
            clone.write(file, original);
        }
    });
});
