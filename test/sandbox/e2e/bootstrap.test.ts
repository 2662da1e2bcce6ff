import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "chai";
import { ownState } from "../../../bootstrap/roles";
import { askRegistry, IMAGE_TYPES } from "../../../sandbox/registry/client";
import type { Clone, Ended } from "./clone";
import { type CloudStorage, startCloudStorage } from "./cloud-storage/emulator";
import { sandbox } from "./hooks";
import { lightStack } from "./light-stack";

const PROJECT = "ml-dev";
const BUCKET = `${PROJECT}-pulumi-state`;
const RESOURCES = 48;

/** The trigger of dev builds images, which dev shares with prod alone. prod has a service, and its nodes run only images that the trigger built. */
const STACKS = {
    dev: `${lightStack("dev").replace("ml-staging, ", "").replace("from: build", "from: cloud-build")}    ml-platform:build:
        github:
            owner: my-organization
            name: ml-platform
`,
    // The test deletes the cluster at its end.
    prod: lightStack("prod").replace(
        "endpoint: ip\n",
        "endpoint: ip\n        deletionProtection: false\n        binaryAuthorization:\n            buildProject: ml-dev\n",
    ),
};
type Stack = keyof typeof STACKS;

describe("npm run bootstrap", function () {
    this.timeout(10 * 60_000);
    let clone: Clone;
    let first: string;
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
        clone.git("config", "user.name", "Ann");
        clone.git("config", "user.email", "ann@example.com");
        first = clone.commit();
        for (const [stack, content] of Object.entries(STACKS)) {
            clone.write(`Pulumi.${stack}.yaml`, content);
        }
        clone.commit();
        storage = await startCloudStorage();
    });

    after(async () => {
        clone.git("reset", "--quiet", "--hard", first);
        await storage.stop();
    });

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
        const { code, output } = await bootstrap("--project", "ml-prod", "--environment", "prod");
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

    describe("the identities", () => {
        /** Runs a command for a stack as the account that deploys it, or that previews all stacks. */
        const as = (account: "deploy" | "preview", stack: Stack, ...args: readonly string[]): Promise<Ended> => {
            const email = account === "deploy" ? `deploy@ml-${stack}` : `pull-request-preview@${PROJECT}`;
            return clone.sandbox("--as", `${email}.iam.gserviceaccount.com`, ...args, "--stack", stack);
        };
        const update = ["up", "--yes", "--skip-preview"];
        const drift = ["preview", "--refresh", "--expect-no-changes"];
        async function succeeds(ended: Promise<Ended>): Promise<void> {
            const { code, output } = await ended;
            expect(code, output).to.equal(0);
        }
        /** The registry's answer to the nodes of prod for an image. */
        async function pull(image: string): Promise<Response> {
            const { resources } = JSON.parse(clone.read(".sandbox/cloud/ledger.json")) as { resources: readonly { id: string }[] };
            const [nodes = ""] = resources.flatMap(({ id }) => /[^/]*nodes[^/]*@ml-prod\..*$/.exec(id) ?? []);
            const { output } = await clone.sandbox("--as", nodes, "run", "printenv", "GOOGLE_OAUTH_ACCESS_TOKEN");
            const url = image.replace(/^([^/]+)\/(.+)@(.+)$/, "http://$1/v2/$2/manifests/$3");
            return askRegistry(url, { headers: { accept: IMAGE_TYPES } }, output.trim());
        }
        const image = async () =>
            (await clone.json<{ images: { inference: string } }>("stack", "output", "--json", "--stack", "dev")).images.inference;

        after(async () => {
            for (const stack of ["prod", "dev"] as const) {
                await clone.sandbox("state", "unprotect", "--all", "--yes", "--stack", stack);
                await succeeds(as("deploy", stack, "destroy", "--yes", "--skip-preview"));
            }
        });

        it("let a deployment of dev create the stack's resources, and have its trigger build the images", async () => {
            await succeeds(as("deploy", "dev", ...update));
        });

        it("let a preview of dev find no drift, and change nothing", async () => {
            await succeeds(as("preview", "dev", ...drift));
            const { code, output } = await as("preview", "dev", "destroy", "--yes", "--skip-preview");
            expect(code, output).to.equal(1);
            expect(output).to.contain("Permission 'cloudbuild.builds.create' denied");
        });

        it("let a deployment of prod run the images of dev, which its nodes pull from dev's registry", async () => {
            await succeeds(clone.sandbox("run", "npm", "run", "--silent", "promote", "--", "--from", "dev", "--to", "prod"));
            clone.commit();
            await succeeds(as("deploy", "prod", ...update));
            const { items } = await clone.json<{ items: readonly { spec: { containers: readonly { image: string }[] } }[] }>(
                ...["kubectl", "--context", "ml-prod", "get", "pods", "--namespace", "inference"],
                ...["--field-selector", "status.phase=Running", "--output", "json"],
            );
            expect(items.map(({ spec }) => spec.containers[0]?.image)).to.deep.equal([await image()]);
            expect((await pull(await image())).status).to.equal(200);
        });

        it("let a preview of prod find no drift in the cluster either, and change no object in it", async () => {
            await succeeds(as("preview", "prod", ...drift));
            const file = clone.read("Pulumi.prod.yaml");
            clone.write("Pulumi.prod.yaml", file.replace("cpu: 500m", "cpu: 400m"));
            const { code, output } = await as("preview", "prod", ...update);
            clone.write("Pulumi.prod.yaml", file);
            expect(code, output).to.equal(1);
            expect(output).to.contain('requires one of ["container.deployments.update"] permission(s).');
        });

        it("let the nodes of prod pull only as long as dev shares its registry", async () => {
            const [file, shared] = [clone.read("Pulumi.dev.yaml"), await image()];
            clone.write("Pulumi.dev.yaml", file.replace("consumers: [ml-prod]", "consumers: []"));
            await succeeds(as("deploy", "dev", ...update));
            clone.write("Pulumi.dev.yaml", file);
            const answer = await pull(shared);
            expect(answer.status).to.equal(403);
            expect(await answer.text()).to.contain('Permission \\"artifactregistry.repositories.downloadArtifacts\\" denied');
        });
    });

    it("refuses each invalid argument in one line, and changes nothing", async () => {
        const { code, output } = await bootstrap("--project", "My Project");
        expect(code).to.equal(1);
        expect(output).to.equal("--project must be the ID of a project: gcloud projects list\n");
    });
});
