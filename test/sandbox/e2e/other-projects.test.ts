import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import type { Clone, Ended } from "./clone";
import { sandbox } from "./hooks";

interface Preview {
    readonly steps: readonly { readonly op: string; readonly urn: string }[];
}

describe("other projects", () => {
    let clone: Clone;
    let folder: string;

    before(() => ({ clone } = sandbox()));
    beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "another project "))));
    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    /** Runs a command of the sandbox's Pulumi in the other project's folder. */
    const pulumi = (...args: readonly string[]): Promise<Ended> =>
        clone.sandbox("run", "bash", "-c", 'cd "$0" && exec pulumi "$@"', folder, ...args);

    async function succeeded(...args: readonly string[]): Promise<string> {
        const { code, output } = await pulumi(...args);
        expect(code, output).to.equal(0);
        return output;
    }

    async function created(stack: string, ...settings: readonly string[]): Promise<readonly string[]> {
        await succeeded("stack", "init", stack, "--non-interactive");
        const { code, output } = await pulumi("preview", "--json", "--stack", stack, ...settings);
        await succeeded("stack", "rm", stack, "--yes", "--force");
        expect(code, output).to.equal(0);
        const { steps } = JSON.parse(output) as Preview;
        return steps
            .filter(({ op }) => op === "create")
            .map(({ urn }) => `${urn.split("::")[2]?.split("$").at(-1) ?? ""} ${urn.split("::")[3] ?? ""}`);
    }

    it("are created from a clone by pulumi new, with their own name, and preview without changes", async () => {
        const template = path.join(folder, "template");
        execFileSync("git", ["clone", "--quiet", clone.folder, template]);
        folder = path.join(folder, "new");
        fs.mkdirSync(folder);
        await succeeded(
            "new",
            template,
            "--generate-only",
            "--yes",
            "--name",
            "vision",
            "--description",
            "Vision models",
            "--config",
            "gcp:project=vision-dev",
        );
        expect(parse(fs.readFileSync(path.join(folder, "Pulumi.yaml"), "utf8"))).to.include({
            name: "vision",
            description: "Vision models",
        });

        fs.symlinkSync(path.join(clone.folder, "node_modules"), path.join(folder, "node_modules"));
        fs.writeFileSync(
            path.join(folder, "Pulumi.trial.yaml"),
            "config:\n    gcp:project: vision-dev\n    ml-platform:cluster: {}\n    ml-platform:inference: {}\n",
        );
        const resources = await created("trial");
        // The registry is a default in Pulumi.yaml, which the engine stores under the new project's name.
        expect(resources).to.include("gcp:artifactregistry/repository:Repository registry");
        expect(resources).to.include("docker-build:index:Image inference");
        folder = path.dirname(folder);
    });

    it("use the components in their own program, which depends on the clone by its path", async () => {
        const packages = path.join(folder, "node_modules");
        fs.mkdirSync(packages);
        // npm links the dependency "file:…" and shares the packages that both need.
        fs.symlinkSync(clone.folder, path.join(packages, "ml-platform"));
        fs.symlinkSync(path.join(clone.folder, "node_modules/@pulumi"), path.join(packages, "@pulumi"));
        for (const [file, content] of Object.entries({
            "Pulumi.yaml": "name: consumer\nruntime: nodejs\n",
            "Pulumi.trial.yaml": "config:\n    gcp:project: other\n    gcp:region: europe-west4\n",
            "package.json": JSON.stringify({ name: "consumer", main: "index.ts", dependencies: { "ml-platform": `file:${clone.folder}` } }),
            "tsconfig.json": JSON.stringify({
                compilerOptions: { module: "nodenext", target: "es2023", rootDir: "/", noCheck: true },
            }),
            "index.ts": [
                'import { ArtifactRegistry } from "ml-platform/components/registry/artifact-registry";',
                'import { registrySchema, resolveRegistry } from "ml-platform/components/registry/config";',
                'const given = registrySchema.parse({ repository: "models", keepNewest: 5 });',
                'const settings = resolveRegistry(given, { region: "europe-west4", production: false });',
                'export const { registryUri } = new ArtifactRegistry("models", { ...settings, project: "other", releasedImages: [] });',
            ].join("\n"),
        })) {
            fs.writeFileSync(path.join(folder, file), content);
        }
        expect(await created("trial")).to.have.members([
            "pulumi:pulumi:Stack consumer-trial",
            "ml-platform:index:ArtifactRegistry models",
            "gcp:artifactregistry/repository:Repository models",
            "gcp:artifactregistry/repository:Repository models-cache",
        ]);
    });

    describe("use the components as a Pulumi package", () => {
        let components: string;

        beforeEach(() => {
            components = path.join(clone.folder, "components");
            fs.mkdirSync(path.join(folder, "node_modules"));
            fs.symlinkSync(path.join(clone.folder, "node_modules/@pulumi"), path.join(folder, "node_modules/@pulumi"));
            for (const [file, content] of Object.entries({
                "Pulumi.yaml": `name: consumer\nruntime: nodejs\npackages:\n    ml-platform: ${components}\n`,
                "Pulumi.trial.yaml": "config:\n    gcp:project: other\n    gcp:region: us-central1\n",
                "package.json": JSON.stringify({ name: "consumer", main: "index.js" }),
                "index.js": fs.readFileSync(path.join(__dirname, "consumer", "index.js"), "utf8"),
            })) {
                fs.writeFileSync(path.join(folder, file), content);
            }
        });

        it("which installs its own packages and does not change the clone", () => {
            const before = clone.git("status", "--porcelain");
            // Does the same as the language host, which then looks for node_modules there. It must not inherit settings of the npm that runs this test.
            const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_")));
            execFileSync("npm", ["install", "--omit=dev"], { cwd: components, env, stdio: "ignore" });
            expect(fs.existsSync(path.join(components, "node_modules"))).to.equal(true);
            expect(clone.git("status", "--porcelain")).to.equal(before);
        });

        it("with a schema that the engine reads", async () => {
            const schema = path.join(folder, "schema.json");
            fs.writeFileSync(schema, await succeeded("package", "get-schema", path.join(components, "pulumi-resource-ml-platform")));
            expect(await succeeded("schema", "check", schema)).to.equal("");
            const { resources } = JSON.parse(fs.readFileSync(schema, "utf8")) as { resources: object };
            expect(Object.keys(resources)).to.have.members([
                "ml-platform:index:ArtifactRegistry",
                "ml-platform:index:Network",
                "ml-platform:index:GpuCluster",
                "ml-platform:index:WorkloadNamespace",
                "ml-platform:index:InferenceService",
                "ml-platform:index:Worker",
                "ml-platform:index:TrainingJob",
                "ml-platform:index:Tensorboard",
            ]);
        });

        it("with each component next to the others", async () => {
            const resources = await created("trial", "--config", "workloads=true");
            expect(resources.filter((resource) => resource.startsWith("ml-platform:"))).to.have.members([
                "ml-platform:index:ArtifactRegistry models",
                "ml-platform:index:Network net",
                "ml-platform:index:GpuCluster gpus",
                "ml-platform:index:WorkloadNamespace models",
                "ml-platform:index:InferenceService digits",
                "ml-platform:index:Worker scoring",
                "ml-platform:index:TrainingJob run",
                "ml-platform:index:Tensorboard logs",
            ]);
            expect(resources).to.include.members([
                "gcp:container/nodePool:NodePool gpus-l4",
                "kubernetes:apps/v1:Deployment digits",
                "kubernetes:apps/v1:Deployment scoring",
                "kubernetes:batch/v1:Job run-first",
                "kubernetes:apps/v1:Deployment logs",
            ]);
        });

        it("which reports problems of inputs by path", async () => {
            await succeeded("stack", "init", "trial", "--non-interactive");
            const { code, output } = await pulumi("preview", "--stack", "trial", "--config", "nodes=0");
            await succeeded("stack", "rm", "trial", "--yes", "--force");
            expect(code, output).not.to.equal(0);
            expect(output).to.include(
                "ml-platform:index:GpuCluster resource 'gpus' has a problem: its inputs are not valid, and nothing was created",
            );
            expect(output).to.include("property cluster.pools[0].maxNodes with value '{0}' has a problem: must be at least 1, not 0");
        });

        it("which deploys, finds no changes, and destroys", async () => {
            clone.enableApis("other");
            await succeeded("stack", "init", "trial", "--non-interactive");
            try {
                await succeeded("up", "--stack", "trial", "--yes", "--skip-preview");
                const outputs = JSON.parse(await succeeded("stack", "output", "--json", "--stack", "trial")) as Record<string, string>;
                expect(outputs).to.have.property("namespace", "models");
                expect(outputs)
                    .to.have.property("registryUri")
                    .that.matches(/^127\.0\.0\.1:\d+\/[a-z0-9-]+-docker\.pkg\.dev\/other\/models$/);
                await succeeded("preview", "--stack", "trial", "--expect-no-changes");
            } finally {
                await succeeded("destroy", "--stack", "trial", "--yes", "--skip-preview");
            }
            await succeeded("stack", "rm", "trial", "--yes");
        });
    });
});
