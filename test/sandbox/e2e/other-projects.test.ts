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

    async function created(stack: string): Promise<readonly string[]> {
        await succeeded("stack", "init", stack, "--non-interactive");
        const { code, output } = await pulumi("preview", "--json", "--stack", stack);
        await succeeded("stack", "rm", stack, "--yes", "--force");
        expect(code, output).to.equal(0);
        const { steps } = JSON.parse(output) as Preview;
        return steps
            .filter(({ op }) => op === "create")
            .map(({ urn }) => `${urn.split("::")[2]?.split("$").at(-1) ?? ""} ${urn.split("::")[3] ?? ""}`);
    }

    it("are made by pulumi new from a clone, under a name of their own, and preview as they are", async () => {
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
        // The registry is a default of Pulumi.yaml, which the engine files under the new project's name.
        expect(resources).to.include("gcp:artifactregistry/repository:Repository registry");
        expect(resources).to.include("docker-build:index:Image inference");
        folder = path.dirname(folder);
    });

    it("use the components from a program of their own, which depends on the clone by its path", async () => {
        const packages = path.join(folder, "node_modules");
        fs.mkdirSync(packages);
        // As npm links the dependency "file:…" and shares the packages that both need.
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
                'import { ArtifactRegistry } from "ml-platform/components/artifact-registry";',
                'const registry = new ArtifactRegistry("models", {',
                '    project: "other", repository: "models", location: "europe-west4", keepNewest: 5, deleteUntaggedAfterDays: 7, deleteCacheAfterDays: 30,',
                "    cleanupDryRun: false, immutableTags: false, scanning: true, dockerHubProxy: false, readers: [], writers: [], releasedImages: [],",
                "});",
                "export const registryUri = registry.registryUri;",
            ].join("\n"),
        }))
            fs.writeFileSync(path.join(folder, file), content);
        expect(await created("trial")).to.have.members([
            "pulumi:pulumi:Stack consumer-trial",
            "ml-platform:index:ArtifactRegistry models",
            "gcp:artifactregistry/repository:Repository models",
            "gcp:artifactregistry/repository:Repository models-cache",
        ]);
    });
});
