import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";
import { lightStack } from "./light-stack";
import { answerToUpload, makeReadOnly, storageHash } from "./read-only-registry";
import { registryContent } from "./registry";

const STACKS = ["dev", "staging", "prod"] as const;
const SOURCE = "docker/inference/handler.py";
const PREVIEWS = 20;

type Stack = (typeof STACKS)[number];

interface Images {
    readonly inference: string;
    readonly training: string;
}

/** The images of a deployed stack. */
interface Deployed {
    readonly images: Images;
    readonly registryUri: string;
    /** Names of its builds. */
    readonly builds: readonly string[];
}

interface Preview {
    readonly steps: readonly { readonly op: string; readonly urn: string }[];
}

/** Runs last: it leaves three stacks, which are removed with the sandbox. */
describe("dev → staging → prod", function () {
    this.timeout(600_000);

    let clone: Clone;
    let registry: string;
    let first: Images;
    let firstCommit: string;

    before(async () => {
        ({ clone } = sandbox());
        clone.git("config", "user.name", "Ann");
        clone.git("config", "user.email", "ann@example.com");
        for (const stack of STACKS) {
            clone.write(`Pulumi.${stack}.yaml`, lightStack(stack));
            clone.enableApis(`ml-${stack}`);
        }
        firstCommit = clone.commit();
        await up("dev");
        const { images, registryUri } = await deployed("dev");
        [first, registry] = [images, registryUri.split("/")[0] ?? ""];
    });

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

    /** Records something about an image of dev in Artifact Analysis, as a scanner does. */
    async function record(image: string, noteName: string, details: object): Promise<void> {
        const occurrence = JSON.stringify({ resourceUri: `https://${image.slice(image.indexOf("/") + 1)}`, noteName, ...details });
        const headers = `--header "Authorization: Bearer $GOOGLE_OAUTH_ACCESS_TOKEN" --header 'Content-Type: application/json'`;
        const address = '"${GOOGLE_CONTAINER_ANALYSIS_CUSTOM_ENDPOINT}projects/ml-dev/occurrences"';
        const { code, output } = await clone.sandbox(
            ...["run", "bash", "-ec", `curl --silent --fail-with-body ${headers} --data "$1" ${address}`, "record", occurrence],
        );
        expect(code, output).to.equal(0);
    }

    async function deployed(stack: Stack): Promise<Deployed> {
        const { deployment } = await clone.json<{ deployment: { resources: readonly { type: string; urn: string; outputs: unknown }[] } }>(
            ...["stack", "export", "-s", stack],
        );
        const of = (type: string) => deployment.resources.filter((resource) => resource.type === type);
        const { images, registryUri } = of("pulumi:pulumi:Stack")[0]?.outputs as Pick<Deployed, "images" | "registryUri">;
        return { images, registryUri, builds: of("docker-build:index:Image").map(({ urn }) => urn.split("::").at(-1) ?? "") };
    }

    /** Previews dev, two at a time, without a start of the sandbox's command line for each. @returns their output */
    async function previews(): Promise<readonly string[]> {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "previews-"));
        try {
            const files = Array.from({ length: PREVIEWS }, (_, index) => path.join(folder, String(index)));
            const preview = "pulumi preview --json --stack dev --config-file .sandbox/workspace/Pulumi.dev.yaml";
            const loop = `for file in "$@"; do ${preview} > "$file"; done`;
            const ends = await Promise.all(
                [files.slice(0, PREVIEWS / 2), files.slice(PREVIEWS / 2)].map((half) =>
                    clone.sandbox("run", "bash", "-ec", loop, "previews", ...half),
                ),
            );
            for (const { code, output } of ends) {
                expect(code, output).to.equal(0);
            }
            return files.map((file) => fs.readFileSync(file, "utf8"));
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    }

    async function running(stack: Stack): Promise<string | undefined> {
        const { items } = await clone.json<{
            items: readonly { status: { phase: string }; spec: { containers: readonly { image: string }[] } }[];
        }>(...["kubectl", "--context", `ml-${stack}`, "get", "pods", "--namespace", "inference", "--output", "json"]);
        return items.find(({ status }) => status.phase === "Running")?.spec.containers[0]?.image;
    }

    it("runs the digests that dev built in staging and in prod, without builds", async () => {
        expect((await deployed("dev")).builds).to.have.members(["inference", "inference--attested", "training", "training--attested"]);
        const content = await registryContent(registry);
        for (const [from, to] of [
            ["dev", "staging"],
            ["staging", "prod"],
        ] as const) {
            const said = await promote("--from", from, "--to", to);
            expect(said).to.contain(`${from} runs commit ${firstCommit.slice(0, 12)}, deployed `);
            expect(said).to.contain("inference    provenance of BuildKit, no SBOM\n  training     provenance of BuildKit, no SBOM\n");
            clone.commit();
            await up(to);
            expect(await deployed(to)).to.deep.include({ images: first, builds: [] });
            expect(await running(to)).to.equal(first.inference);
        }
        expect(await registryContent(registry)).to.deep.equal(content);
    });

    it("previews exactly the release in prod, and deploys it", async () => {
        clone.write(SOURCE, `${clone.read(SOURCE)}\n# the second release\n`);
        clone.commit();
        await up("dev");
        const { images } = await deployed("dev");
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
        expect(await deployed("prod")).to.deep.include({ images, builds: [] });
    });

    it("refuses an image in which a scan found a critical vulnerability, until the stack file accepts it", async () => {
        const { images } = await deployed("dev");
        await record(images.inference, "projects/goog-analysis/notes/PACKAGE_VULNERABILITY", {
            discovery: { analysisStatus: "FINISHED_SUCCESS" },
        });
        const version = (name: string) => ({ kind: "NORMAL", name, fullName: name });
        const issue = { affectedCpeUri: "cpe:/o:debian:debian_linux:12", affectedPackage: "openssl", affectedVersion: version("3.0.11-1") };
        await record(images.inference, "projects/goog-vulnz/notes/CVE-2026-12345", {
            vulnerability: { effectiveSeverity: "CRITICAL", packageIssue: [{ ...issue, fixedVersion: version("3.0.13-1") }] },
        });
        const original = clone.read("Pulumi.staging.yaml");
        const refused = await clone.sandbox("run", "npm", "run", "--silent", "promote", "--", "--from", "dev", "--to", "staging");
        expect(refused.code, refused.output).to.equal(1);
        expect(refused.output)
            .to.contain(`The image inference (${images.inference}) has vulnerabilities of severity CRITICAL. `)
            .and.to.contain("\n  CVE-2026-12345 CRITICAL openssl 3.0.11-1, fixed in 3.0.13-1\n");
        expect(clone.read("Pulumi.staging.yaml")).to.equal(original);

        const exception = `- { id: CVE-2026-12345, reason: no TLS here, until: "2999-12-31" }`;
        clone.write("Pulumi.staging.yaml", `${original}    ml-platform:promotion:\n        vulnerabilities:\n            ${exception}\n`);
        clone.commit();
        expect(await promote("--from", "dev", "--to", "staging", "--dry-run")).to.contain(
            "inference    none of severity CRITICAL; accepted until 2999-12-31: CVE-2026-12345 (no TLS here)\n  training     not scanned: ",
        );
    });

    it("protects the digests of every stack's release in the registry that stores them", async () => {
        await up("dev");
        const { resources } = JSON.parse(clone.read(".sandbox/cloud/ledger.json")) as {
            resources: readonly {
                id: string;
                inputs: { cleanupPolicies?: Readonly<Record<string, { condition?: { versionNamePrefixes?: unknown } }>> };
            }[];
        };
        const kept = (project: string): unknown =>
            resources.find(({ id }) => id === `projects/${project}/locations/us-central1/repositories/ml-images`)?.inputs.cleanupPolicies?.[
                "keep-released"
            ]?.condition?.versionNamePrefixes;
        const digests = [first.inference, (await deployed("dev")).images.inference, first.training].map((image) => image.split("@")[1]);
        expect(kept("ml-dev")).to.have.members(digests);
        expect(kept("ml-prod")).to.equal(undefined);
    });

    it("stops a preview of prod in one line if the registry does not have a digest", async () => {
        const original = clone.read("Pulumi.prod.yaml");
        const lost = `sha256:${"0".repeat(64)}`;
        clone.write("Pulumi.prod.yaml", original.replace(/(inference: ".*@)sha256:\w+/, `$1${lost}`));
        const { code, output } = await clone.sandbox("preview", "-s", "prod");
        clone.write("Pulumi.prod.yaml", original);
        expect(code).not.to.equal(0);
        const [, said = ""] = /\n {2}pulumi:pulumi:Stack \(ml-platform-prod\):\n([^]*?)\n\n/.exec(output) ?? [];
        expect(said, output)
            .to.match(
                /^ {4}error: The image \S+ is not available: .*Error 404: .*\. Name an image that exists: under use of the image, or by promoting a release\.$/,
            )
            .and.to.contain(lost);
        expect(output).not.to.match(/Warning: |Undefined value/);
    });

    it("rolls back to the earlier release", async () => {
        await promote("--to", "prod", "--release", firstCommit.slice(0, 12));
        clone.commit();
        await up("prod");
        expect(await deployed("prod")).to.deep.include({ images: first, builds: [] });
        expect(await running("prod")).to.equal(first.inference);
    });

    it(`does not change a byte in the registry in ${PREVIEWS} previews with read access`, async () => {
        const original = clone.read(SOURCE);
        clone.write(SOURCE, `${original}\n# a pull request\n`);
        const makeWritable = await makeReadOnly(clone, registry);
        try {
            const [hash, ledger] = [storageHash(clone), clone.read(".sandbox/cloud/ledger.json")];
            for (const preview of await previews()) {
                expect(changed(JSON.parse(preview) as Preview)).to.include("update docker-build:index:Image inference");
            }
            expect(storageHash(clone)).to.equal(hash);
            expect(clone.read(".sandbox/cloud/ledger.json")).to.equal(ledger);
            expect(await answerToUpload(registry)).to.equal(405);
            // The same identity cannot build. This shows that the previous check detects a forbidden write.
            const { code, output } = await clone.sandbox("up", "-s", "dev", "--yes", "--skip-preview");
            expect(code, output).not.to.equal(0);
            expect(storageHash(clone)).to.equal(hash);
        } finally {
            clone.write(SOURCE, original);
            await makeWritable();
        }
    });
});
