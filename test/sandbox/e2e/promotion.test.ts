import { expect } from "chai";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";
import { lightStack } from "./light-stack";
import { answerToUpload, makeReadOnly, storageHash } from "./read-only-registry";
import { registryContent } from "./registry";

const STACKS = ["dev", "staging", "prod"] as const;
const SOURCE = "docker/inference/service/app.py";
const PREVIEWS = 20;

type Stack = (typeof STACKS)[number];

interface Outputs {
    readonly registryUri: string;
    readonly images: { readonly inference: string; readonly training: string };
}

interface Preview {
    readonly steps: readonly { readonly op: string; readonly urn: string }[];
}

/** Runs last: it leaves three stacks, which the end of the sandbox takes away. */
describe("dev → staging → prod", function () {
    this.timeout(300_000);

    let clone: Clone;
    let registry: string;
    let first: Outputs["images"];
    let firstCommit: string;

    before(async () => {
        ({ clone } = sandbox());
        clone.git("config", "user.name", "Ann");
        clone.git("config", "user.email", "ann@example.com");
        for (const stack of STACKS) clone.write(`Pulumi.${stack}.yaml`, lightStack(stack));
        firstCommit = clone.commit();
        await up("dev");
        registry = (await outputs("dev")).registryUri.split("/")[0] ?? "";
    });

    const outputs = (stack: Stack): Promise<Outputs> => clone.json<Outputs>("stack", "output", "--json", "-s", stack);
    const changed = ({ steps }: Preview): string[] =>
        steps
            .filter(({ op }) => op !== "same")
            .map(({ op, urn }) => `${op} ${urn.split("::")[2]?.split("$").at(-1) ?? ""} ${urn.split("::")[3] ?? ""}`);

    async function up(stack: Stack): Promise<string> {
        const { code, output } = await clone.sandbox("up", "-s", stack, "--yes", "--skip-preview");
        expect(code, output).to.equal(0);
        return output;
    }

    async function promote(...args: readonly string[]): Promise<string> {
        const { code, output } = await clone.sandbox("run", "npm", "run", "--silent", "promote", "--", ...args);
        expect(code, output).to.equal(0);
        return output;
    }

    /** What a stack has deployed, by the types of its resources. */
    async function builds(stack: Stack): Promise<number> {
        const { deployment } = await clone.json<{ deployment: { resources: readonly { type: string }[] } }>("stack", "export", "-s", stack);
        return deployment.resources.filter(({ type }) => type === "docker-build:index:Image").length;
    }

    async function running(stack: Stack): Promise<string | undefined> {
        const { items } = await clone.json<{
            items: readonly { status: { phase: string }; spec: { containers: readonly { image: string }[] } }[];
        }>(...["kubectl", "--context", `ml-${stack}`, "get", "pods", "--namespace", "inference", "--output", "json"]);
        return items.find(({ status }) => status.phase === "Running")?.spec.containers[0]?.image;
    }

    it("runs the digests that dev built in staging and in prod, which build nothing", async () => {
        ({ images: first } = await outputs("dev"));
        const content = await registryContent(registry);
        for (const [from, to] of [
            ["dev", "staging"],
            ["staging", "prod"],
        ] as const) {
            const said = await promote("--from", from, "--to", to);
            expect(said).to.contain(`${from} runs commit ${firstCommit.slice(0, 12)}, deployed `);
            clone.commit();
            await up(to);
            expect((await outputs(to)).images).to.deep.equal(first);
            expect(await running(to)).to.equal(first.inference);
        }
        expect([await builds("dev"), await builds("staging"), await builds("prod")]).to.deep.equal([2, 0, 0]);
        expect(await registryContent(registry)).to.deep.equal(content);
    });

    it("shows in prod's preview exactly the release, and runs it after the update", async () => {
        clone.write(SOURCE, `${clone.read(SOURCE)}\n# the second release\n`);
        clone.commit();
        await up("dev");
        const { images } = await outputs("dev");
        expect(images.inference).not.to.equal(first.inference);
        expect(images.training).to.equal(first.training);

        const file = clone.read("Pulumi.prod.yaml");
        expect(await promote("--from", "dev", "--to", "prod", "--dry-run")).to.contain("Dry run: nothing was changed.");
        expect(clone.read("Pulumi.prod.yaml")).to.equal(file);
        expect(changed(await clone.json<Preview>("preview", "--json", "-s", "prod"))).to.deep.equal([]);

        expect(await promote("--from", "dev", "--to", "prod")).to.contain(
            `Rollback: npm run promote -- --to prod --release ${firstCommit.slice(0, 12)}`,
        );
        expect(clone.read("Pulumi.prod.yaml"))
            .to.contain("# The stack prod, as small as it gets.")
            .and.to.contain("# dev builds, the others take");
        clone.commit();
        expect(changed(await clone.json<Preview>("preview", "--json", "-s", "prod"))).to.have.members([
            "update kubernetes:apps/v1:Deployment digits",
        ]);
        await up("prod");
        expect(await running("prod")).to.equal(images.inference);
        expect(await builds("prod")).to.equal(0);
    });

    it("protects, in the registry that holds them, the digests of every stack's release", async () => {
        await up("dev");
        const { resources } = JSON.parse(clone.read(".sandbox/cloud/ledger.json")) as {
            resources: readonly {
                id: string;
                inputs: { cleanupPolicies?: readonly { id: string; condition?: { versionNamePrefixes?: unknown } }[] };
            }[];
        };
        const kept = (project: string): unknown =>
            resources
                .find(({ id }) => id === `projects/${project}/locations/us-central1/repositories/ml-images`)
                ?.inputs.cleanupPolicies?.find(({ id }) => id === "keep-released")?.condition?.versionNamePrefixes;
        const digests = [first.inference, (await outputs("dev")).images.inference, first.training].map((image) => image.split("@")[1]);
        expect(kept("ml-dev")).to.have.members(digests);
        expect(kept("ml-prod")).to.equal(undefined);
    });

    it("stops prod's preview in one line where the registry has lost a digest", async () => {
        const original = clone.read("Pulumi.prod.yaml");
        const lost = `sha256:${"0".repeat(64)}`;
        clone.write("Pulumi.prod.yaml", original.replace(/(inference: ".*@)sha256:\w+/, `$1${lost}`));
        const { code, output } = await clone.sandbox("preview", "-s", "prod");
        clone.write("Pulumi.prod.yaml", original);
        expect(code).not.to.equal(0);
        const lines = output.split("\n").filter((line) => /error: .*(?:not in|was never pushed)/.test(line));
        expect(lines.join("\n"), output).to.contain(lost);
        expect(output).not.to.contain("    at ");
    });

    it("rolls back to the earlier release", async () => {
        await promote("--to", "prod", "--release", firstCommit.slice(0, 12));
        clone.commit();
        await up("prod");
        expect((await outputs("prod")).images).to.deep.equal(first);
        expect(await running("prod")).to.equal(first.inference);
    });

    it(`leaves the registry byte for byte as it was, in ${String(PREVIEWS)} previews that may only read`, async () => {
        const original = clone.read(SOURCE);
        clone.write(SOURCE, `${original}\n# a pull request\n`);
        const makeWritable = await makeReadOnly(clone, registry);
        try {
            const [hash, ledger] = [storageHash(clone), clone.read(".sandbox/cloud/ledger.json")];
            const previews = (count: number): Promise<void>[] =>
                Array.from({ length: 2 }, async () => {
                    for (let done = 0; done < count / 2; done += 1) {
                        const preview = await clone.json<Preview>("preview", "--json", "-s", "dev");
                        expect(changed(preview)).to.include("update docker-build:index:Image inference");
                    }
                });
            await Promise.all(previews(PREVIEWS));
            expect(storageHash(clone)).to.equal(hash);
            expect(clone.read(".sandbox/cloud/ledger.json")).to.equal(ledger);
            expect(await answerToUpload(registry)).to.equal(405);
            // The same identity cannot build: what a preview must not do would not have passed unnoticed.
            const { code, output } = await clone.sandbox("up", "-s", "dev", "--yes", "--skip-preview");
            expect(code, output).not.to.equal(0);
            expect(storageHash(clone)).to.equal(hash);
        } finally {
            clone.write(SOURCE, original);
            await makeWritable();
        }
    });
});
