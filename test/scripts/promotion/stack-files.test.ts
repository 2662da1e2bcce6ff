import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CommandError } from "../../../scripts/command-line/run";
import { checkCommitted, stackFileName } from "../../../scripts/promotion/stack-files";
import { ended } from "../ended";

describe("the file of a stack", () => {
    let folder: string;
    beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "stacks-"))));
    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    it("is named by its stack; a refusal lists the stacks with a file, in order", () => {
        const missing = (known: string) => `There is no stack dev: Pulumi.dev.yaml does not exist. Stacks with a file: ${known}.`;
        expect(() => stackFileName("dev", folder)).to.throw(CommandError, missing("none"));
        ["Pulumi.prod.yaml", "Pulumi.eu.yaml", "Pulumi.yaml", "old-Pulumi.dev.yaml", "Pulumi.dev.yaml.orig"].forEach((file) => {
            fs.writeFileSync(path.join(folder, file), "");
        });
        expect(() => stackFileName("dev", folder)).to.throw(CommandError, missing("eu, prod"));
        expect(stackFileName("eu", folder)).to.equal("Pulumi.eu.yaml");
    });

    it("fails with git's error, or with a remedy for a folder without a repository", async () => {
        const check = async (says: string) => {
            fs.writeFileSync(path.join(folder, "git"), `#!/bin/sh\necho "${says}" >&2\nexit 128\n`, { mode: 0o755 });
            const { error } = await ended(async () => {
                await checkCommitted("Pulumi.dev.yaml", folder);
                return 0;
            }, folder);
            return error;
        };
        expect(await check("fatal: not a git repository")).to.equal(
            `${folder} is not in a git repository: a promotion is a commit, and rolling back needs its history.\n`,
        );
        expect(await check("fatal: index file corrupt")).to.equal("git: index file corrupt\n");
    });
});
