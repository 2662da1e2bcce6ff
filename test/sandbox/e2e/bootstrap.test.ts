import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { ownState } from "../../../bootstrap/roles";
import type { Clone, Ended } from "./clone";
import { type CloudStorage, startCloudStorage } from "./cloud-storage/emulator";
import { sandbox } from "./hooks";

const PROJECT = "my-organization-ml-dev";
const BUCKET = `${PROJECT}-pulumi-state`;
const RESOURCES = 48;
/** A stack of the bootstrapped project without a cluster. */
const STACK = `config:
  gcp:project: ${PROJECT}
  gcp:region: us-central1
  ml-platform:environment: dev
  ml-platform:registry:
    repository: ml-images
  ml-platform:images:
    sbom: false
  ml-platform:build:
    github:
      owner: my-organization
      name: ml-platform
`;

describe("npm run bootstrap", function () {
    this.timeout(5 * 60_000);
    let clone: Clone;
    let storage: CloudStorage;

    /** The command for a new project: with the simulated cloud's provider, and without a backend. */
    const bootstrap = (...args: readonly string[]): Promise<Ended> =>
        clone.sandbox(
            ...["run", "env", `STORAGE_EMULATOR_HOST=${storage.host}`, "PULUMI_BACKEND_URL=", "npm", "run", "--silent", "bootstrap", "--"],
            ...["--repository", "my-organization/ml-platform", ...args],
        );
    const ownFolder = () => path.join(clone.folder, ".bootstrap", BUCKET);

    before(async () => {
        ({ clone } = sandbox());
        storage = await startCloudStorage();
    });

    after(() => storage.stop());

    it("prints what it would create, and creates nothing", async () => {
        const { code, output } = await bootstrap("--project", PROJECT, "--dry-run");
        expect(code, output).to.equal(0);
        expect(output).to.contain(`+ ${RESOURCES} to create`);
        expect(fs.existsSync(ownFolder())).to.equal(false);
        expect(clone.read(".sandbox/cloud/ledger.json")).not.to.contain(BUCKET);
    });

    it("keeps its state in the folder if it fails before the bucket is ready", async () => {
        // The simulated cloud keeps no objects, so Pulumi cannot write to its bucket.
        const { code, output } = await bootstrap("--project", PROJECT);
        expect(code, output).to.equal(1);
        expect(output).to.contain(`+ ${RESOURCES} created`).and.to.contain("storage: bucket doesn't exist");
        expect(fs.existsSync(ownFolder())).to.equal(true);
    });

    it("resumes, moves its state into the bucket, and prints the remaining tasks", async () => {
        await storage.createBucket(BUCKET);
        const { code, output } = await bootstrap("--project", PROJECT);
        expect(code, output).to.equal(0);
        expect(output)
            .to.contain(`${RESOURCES} unchanged`)
            .and.to.contain(`pulumi login gs://${BUCKET}\n`)
            .and.to.contain(`--body deploy@${PROJECT}.iam.gserviceaccount.com\n`);
        expect(fs.existsSync(ownFolder())).to.equal(false);
        expect(await storage.objects(BUCKET)).to.include(".pulumi/stacks/ml-platform-bootstrap/dev.json");
    });

    it("reads its state from the bucket afterwards", async () => {
        const { code, output } = await bootstrap("--project", PROJECT);
        expect(code, output).to.equal(0);
        expect(output).to.contain(`${RESOURCES} unchanged`);
    });

    it("prepares prod in a second project, and keeps its state in the bucket of dev", async () => {
        const { code, output } = await bootstrap("--project", "my-organization-ml-prod", "--environment", "prod");
        expect(code, output).to.equal(0);
        expect(output).to.contain(`pulumi login gs://${BUCKET}\n`).and.to.contain("Require reviewers for environment prod");
        expect(await storage.objects(BUCKET)).to.include(".pulumi/stacks/ml-platform-bootstrap/prod.json");
    });

    it("lets the deployments of a stack write every object that Pulumi writes for it", async () => {
        const stack = { home: PROJECT, pulumiProject: "ml-platform-bootstrap", environment: "dev" };
        const prefixes = [...ownState(stack).matchAll(/objects\/([^"]+)"/g)].map(([, prefix = ""]) => prefix);
        // Pulumi deletes locks at the end of an update.
        const all = [...(await storage.objects(BUCKET)), ...storage.requested()];
        const ofStack = all.filter((name) => name.includes("/ml-platform-bootstrap/dev") && name.endsWith(".json"));
        expect(prefixes.filter((prefix) => !ofStack.some((name) => name.startsWith(prefix)))).to.deep.equal([]);
        expect(ofStack.filter((name) => !prefixes.some((prefix) => name.startsWith(prefix)))).to.deep.equal([]);
    });

    describe("the identities of dev", () => {
        const as = (account: string, ...args: readonly string[]): Promise<Ended> =>
            clone.sandbox("--as", `${account}@${PROJECT}.iam.gserviceaccount.com`, ...args, "--stack", "bootstrapped");

        before(() => {
            clone.write("Pulumi.bootstrapped.yaml", STACK);
        });

        after(() => {
            fs.rmSync(path.join(clone.folder, "Pulumi.bootstrapped.yaml"));
        });

        it("let a deployment create the stack's resources", async () => {
            const { code, output } = await as("deploy", "up", "--yes", "--skip-preview");
            expect(code, output).to.equal(0);
        });

        it("let a preview read them, and change nothing", async () => {
            const preview = await as("pull-request-preview", "preview", "--refresh", "--expect-no-changes");
            expect(preview.code, preview.output).to.equal(0);
            const destroyed = await as("pull-request-preview", "destroy", "--yes", "--skip-preview");
            expect(destroyed.code, destroyed.output).to.equal(1);
            expect(destroyed.output).to.contain("Permission 'cloudbuild.builds.create' denied");
        });

        it("let a deployment delete them", async () => {
            const { code, output } = await as("deploy", "destroy", "--yes", "--skip-preview");
            expect(code, output).to.equal(0);
        });
    });

    it("refuses each invalid argument in one line, and changes nothing", async () => {
        const { code, output } = await bootstrap("--project", "My Project");
        expect(code).to.equal(1);
        expect(output).to.equal("--project must be the ID of a project: gcloud projects list\n");
    });
});
