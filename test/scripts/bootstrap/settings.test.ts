import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { readRequest } from "../../../scripts/bootstrap/settings";

describe("readRequest", () => {
    let folder: string;
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "bootstrap settings "));
        fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: my-platform\nruntime: nodejs\n");
    });
    afterEach(() => fs.rmSync(folder, { recursive: true }));

    const write = (stack: string, text: string) => {
        fs.writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), text);
    };
    const refusal = async (...args: readonly string[]) =>
        readRequest(args, folder).then(
            () => "",
            (error: unknown) => (error as Error).message,
        );
    const BOTH = ["--project", "my-prod", "--repository", "my-organization/ml-platform"];

    it("prepares dev in the region of its stack file, and keeps the state in its project", async () => {
        write("dev", "config:\n    gcp:project: another\n    gcp:region: europe-west4\n");
        expect(await readRequest(["--project", "my-dev", "--repository", "my-organization/ml-platform"], folder)).to.deep.equal({
            settings: {
                project: "my-dev",
                repository: "my-organization/ml-platform",
                environment: "dev",
                region: "europe-west4",
                home: "my-dev",
                pulumiProject: "my-platform",
            },
            dryRun: false,
        });
    });

    it("needs no stack file for dev", async () => {
        const { settings } = await readRequest([...BOTH, "--dry-run"], folder);
        expect(settings).to.include({ region: "us-central1", home: "my-prod" });
    });

    it("reads the project of dev from its stack file for every other environment", async () => {
        write("dev", "config:\n    gcp:project: my-dev\n");
        const { settings } = await readRequest([...BOTH, "--environment", "prod", "--region", "asia-east1"], folder);
        expect(settings).to.include({ project: "my-prod", home: "my-dev", region: "asia-east1", environment: "prod" });
    });

    it("refuses another environment if dev has no project", async () => {
        expect(await refusal(...BOTH, "--environment", "prod")).to.equal(
            "Pulumi.dev.yaml has no gcp:project. Prepare dev first: its project keeps the state of all stacks.",
        );
    });

    it("reports all problems at once", async () => {
        expect(await refusal("--project", "My Project", "--repository", "ml-platform", "--environment", "prd", "--region", "eu")).to.equal(
            [
                "--project must be the ID of a project: gcloud projects list",
                "--repository must be a GitHub repository, as owner/name",
                "--environment must be one of dev, staging, prod",
                "--region must be a region of Google Cloud, not eu",
                "Pulumi.dev.yaml has no gcp:project. Prepare dev first: its project keeps the state of all stacks.",
            ].join("\n"),
        );
    });

    for (const repository of ['a/b" || true', "a/b/c", "https://github.com/a/b", "a", "/b", "a/"]) {
        it(`refuses ${repository} as a repository`, async () => {
            expect(await refusal("--project", "my-dev", "--repository", repository)).to.match(/^--repository must be/);
        });
    }
});
