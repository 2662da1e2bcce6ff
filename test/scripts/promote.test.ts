import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { promote as runPromote } from "../../scripts/promotion/promote";
import { Analysis } from "./promotion/conditions/analysis";
import { ofBuildKit } from "./promotion/conditions/provenance-examples";
import { type Ended, ended, script } from "./ended";
import { Repository } from "./repository";

const SCRIPT = path.join(__dirname, "../../scripts/promote.ts");
const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;

const STATEMENTS = `sha256:${"c".repeat(64)}`;

/** An image with attestations, as BuildKit pushes it. */
const INDEX = {
    manifests: [
        { digest: `sha256:${"d".repeat(64)}`, platform: { os: "linux", architecture: "amd64" } },
        { digest: STATEMENTS, annotations: { "vnd.docker.reference.type": "attestation-manifest" } },
    ],
};
const statements = (...types: readonly string[]) => ({
    layers: types.map((type) => ({ digest: "statement", annotations: { "in-toto.io/predicate-type": type } })),
});
/** Digest of the platform in INDEX. */
const PLATFORM = `sha256:${"d".repeat(64)}`;

describe("npm run promote", function () {
    this.timeout(60_000);

    /** Manifests and statements by digest. */
    const served = new Map<string, object>();
    const server = http.createServer((request, response) => {
        const manifest = served.get(request.url?.split("/").at(-1) ?? "");
        response.statusCode = manifest === undefined ? 404 : 200;
        response.end(JSON.stringify(manifest));
    });
    let host = "";
    let answering = "";
    let repository: Repository;
    let programs = "";

    before(async () => {
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        answering = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => server.close());
    beforeEach(() => {
        host = answering;
        repository = new Repository();
        served.clear();
        served.set(A, INDEX).set(B, INDEX).set(STATEMENTS, statements("https://slsa.dev/provenance/v1", "https://spdx.dev/Document"));
        served.set("statement", ofBuildKit(A, B, PLATFORM, ...["1", "2"].map((digit) => `sha256:${digit.repeat(64)}`)));
        repository.commit({
            "Pulumi.yaml": "name: ml-platform\nruntime: nodejs\n",
            "Pulumi.dev.yaml": "config: {}\n",
            "Pulumi.prod.yaml": "# ours\nconfig:\n    ml-platform:images:\n        from: release\n",
        });
        programs = fs.mkdtempSync(path.join(os.tmpdir(), "programs-"));
        deploy(A, "1".repeat(40));
    });
    afterEach(() => {
        fs.rmSync(programs, { recursive: true });
    });

    /** A Pulumi that answers for the stack dev with an image and a commit. */
    function deploy(digest: string, commit: string, others: Readonly<Record<string, string>> = {}): void {
        const environment = { "git.head": commit, "git.dirty": "false", "git.author": "Bob" };
        const history = [{ kind: "update", result: "succeeded", endTime: "2026-01-01T00:00:00.000Z", environment, config: {} }];
        const imagesBuiltFor = { variant: "gpu", platforms: ["linux/amd64"] };
        const images = { inference: `${host}/p/inference@${digest}`, ...others };
        const answers = { output: { images, imagesBuiltFor, registryUri: `${host}/p` }, history };
        for (const [name, answer] of Object.entries(answers)) {
            fs.writeFileSync(path.join(programs, `${name}.json`), JSON.stringify(answer));
        }
        const script = `#!/bin/sh\n[ "$5" = dev ] || { echo "error: no stack named '$5' found" >&2; exit 1; }\ncat ${programs}/$2.json\n`;
        fs.writeFileSync(path.join(programs, "pulumi"), script, { mode: 0o755 });
    }

    const promote = (...args: string[]): Promise<Ended> => ended((print) => runPromote(args, repository.folder, print), programs);

    /** Expects a reason in one line, exit status 1, and an unchanged repository. */
    async function refused(args: readonly string[], reason: RegExp): Promise<void> {
        const status = repository.git("status", "--porcelain");
        const before = fs.existsSync(path.join(repository.folder, "Pulumi.prod.yaml")) ? repository.read("Pulumi.prod.yaml") : undefined;
        const { code, out, error } = await promote(...args);
        expect(error).to.match(reason);
        expect(error.trimEnd().split("\n"), error).to.have.length(1);
        expect(out).not.to.contain("→");
        expect(code).to.equal(1);
        expect(repository.git("status", "--porcelain")).to.equal(status);
        if (before !== undefined) {
            expect(repository.read("Pulumi.prod.yaml")).to.equal(before);
        }
    }

    it("promotes, promotes again, and rolls back", async () => {
        const dryRun = await promote("--from", "dev", "--to", "prod", "--dry-run");
        expect(dryRun.out).to.contain(`inference    none → ${host}/p/inference@${A}`).and.to.contain("Dry run: nothing was changed.");
        expect(dryRun.out).to.contain("Attestations\n  inference    provenance of BuildKit, SBOM (SPDX)\n");
        expect(repository.git("status", "--porcelain")).to.equal("");

        const first = await promote("--from", "dev", "--to", "prod");
        expect(first.code, first.error).to.equal(0);
        expect(first.out).to.contain("dev runs commit 111111111111, deployed 2026-01-01T00:00:00Z by Bob.");
        expect(repository.read("Pulumi.prod.yaml"))
            .to.match(/^# ours\n/)
            .and.to.contain(`commit: "${"1".repeat(40)}"`)
            .and.to.contain('by: "ann@example.com"');
        expect(repository.git("status", "--porcelain")).to.equal(" M Pulumi.prod.yaml\n");
        repository.commit({});

        deploy(B, "2".repeat(40));
        const second = await promote("--from", "dev", "--to", "prod");
        expect(second.out).to.contain("Rollback: npm run promote -- --to prod --release 111111111111");
        repository.commit({});
        expect((await promote("--from", "dev", "--to", "prod")).out).to.contain(
            "Pulumi.prod.yaml already has this release; nothing was changed.",
        );

        const back = await promote("--to", "prod", "--release", "111111111111");
        expect(back.code, back.error).to.equal(0);
        expect(repository.read("Pulumi.prod.yaml")).to.contain(`${host}/p/inference@${A}`).and.not.to.contain(B);
    });

    /** Commits an exception of prod for an image. */
    const accept = (image: string): void => {
        const exception = `        unverified:\n            - image: ${image}\n              reason: its vendor publishes none\n`;
        repository.commit({ "Pulumi.prod.yaml": `${repository.read("Pulumi.prod.yaml")}    ml-platform:promotion:\n${exception}` });
    };

    it("prints the attestations of an image", async () => {
        served.set(STATEMENTS, statements("https://slsa.dev/provenance/v0.2"));
        expect((await promote("--from", "dev", "--to", "prod", "--dry-run")).out).to.contain(
            "Attestations\n  inference    provenance of BuildKit, no SBOM\n",
        );
        served.set(STATEMENTS, statements("https://slsa.dev/provenance/v0.2", "https://cyclonedx.org/bom"));
        expect((await promote("--from", "dev", "--to", "prod", "--dry-run")).out).to.contain(
            "Attestations\n  inference    provenance of BuildKit, SBOM (CycloneDX)\n",
        );
    });

    it("refuses each image without provenance in one line, also in a dry run", async () => {
        served.set(A, { layers: [] });
        const none =
            /^The image inference \(127\S+@sha256:a+\) has no provenance\. .* add \{ image: inference, reason: … \} to ml-platform:promotion\.unverified in Pulumi\.prod\.yaml, and commit the file\.$/m;
        await refused(["--from", "dev", "--to", "prod"], none);
        await refused(["--from", "dev", "--to", "prod", "--dry-run"], none);
        served.set(A, INDEX).set(STATEMENTS, statements("https://spdx.dev/Document"));
        await refused(["--from", "dev", "--to", "prod"], none);
        served.set(STATEMENTS, statements("https://slsa.dev/provenance/v1")).set("statement", ofBuildKit(B));
        await refused(["--from", "dev", "--to", "prod"], / has provenance of something else: no statement is about sha256:d+\. /);

        const other = `sha256:${"e".repeat(64)}`;
        served.set(other, { layers: [] });
        deploy(A, "1".repeat(40), { redis: `${host}/other/redis@${other}` });
        const { code, out, error } = await promote("--from", "dev", "--to", "prod");
        expect(code).to.equal(1);
        expect(out).not.to.contain("→");
        expect(
            error
                .trimEnd()
                .split("\n")
                .map((line) => line.split(" (")[0]),
        ).to.deep.equal(["The image inference", "The image redis"]);
    });

    it("accepts an image without provenance that the committed stack file excepts, and prints the reason", async () => {
        const other = `sha256:${"e".repeat(64)}`;
        served.set(other, { layers: [{ digest: "of the image" }] });
        deploy(A, "1".repeat(40), { redis: `${host}/other/redis@${other}` });
        await refused(["--from", "dev", "--to", "prod"], /^The image redis /);
        accept("redis");
        const { code, out, error } = await promote("--from", "dev", "--to", "prod");
        expect(code, error).to.equal(0);
        expect(out).to.contain(
            "Attestations\n  inference    provenance of BuildKit, SBOM (SPDX)\n  redis        no provenance, no SBOM (accepted: its vendor publishes none)\n",
        );
    });

    it("prints which exceptions are not needed", async () => {
        accept("inference");
        const needless = "This release does not need ml-platform:promotion.unverified[0]: remove it.\n";
        expect((await promote("--from", "dev", "--to", "prod", "--dry-run")).out).to.contain(needless);
        served.set(A, { layers: [] });
        expect((await promote("--from", "dev", "--to", "prod", "--dry-run")).out).not.to.contain(needless);
    });

    it("refuses critical vulnerabilities with their packages and versions, and accepts one until the end of its exception", async () => {
        const analysis = await Analysis.start();
        try {
            const name = "us-central1-docker.pkg.dev/p/ml-images/p/inference";
            host = `${answering}/us-central1-docker.pkg.dev/p/ml-images`;
            served
                .set(A, { layers: [] })
                .set(`${A.replace(":", "-")}.attested`, { ...INDEX, manifests: [{ digest: A }, ...INDEX.manifests] });
            deploy(A, "1".repeat(40));
            const outcome = async () => {
                const { code, out, error } = await promote("--from", "dev", "--to", "prod", "--dry-run");
                return code === 0
                    ? (/^Vulnerabilities\n {2}inference {4}(.*)$/m.exec(out)?.[1] ?? out)
                    : error.replace(/^.*sha256:\w+\) /, "");
            };
            expect(await outcome()).to.equal("not scanned: registry.scanning is off, or was off when the image was pushed");
            await analysis.scanned(`${name}@${B}`);
            await analysis.scanned(`${name}@${A}`);
            expect(await outcome()).to.equal("none of severity CRITICAL");
            await analysis.vulnerable(`${name}@${A}`, "CVE-2026-1", "CRITICAL", "3.0.13-1");
            await analysis.vulnerable(`${name}@${A}`, "CVE-2026-2", "HIGH");
            const list =
                "has vulnerabilities of severity CRITICAL. Build it again with the fixes, or add { id: …, reason: …, until: '<date>' } to " +
                "ml-platform:promotion.vulnerabilities in Pulumi.prod.yaml, and commit the file:\n  CVE-2026-1 CRITICAL openssl 3.0.11-1, fixed in 3.0.13-1";
            expect(await outcome()).to.equal(`${list}\n`);
            const file = repository.read("Pulumi.prod.yaml");
            const except = (until: string) => {
                const exception = `            - id: CVE-2026-1\n              reason: no TLS here\n              until: '${until}'\n`;
                repository.commit({ "Pulumi.prod.yaml": `${file}    ml-platform:promotion:\n        vulnerabilities:\n${exception}` });
            };
            except("2999-12-31");
            expect(await outcome()).to.equal("none of severity CRITICAL; accepted until 2999-12-31: CVE-2026-1 (no TLS here)");
            except("2020-01-01");
            expect(await outcome()).to.equal(`${list}; its exception ended on 2020-01-01\n`);
            repository.commit({ "Pulumi.prod.yaml": `${file}    ml-platform:promotion:\n        severity: HIGH\n` });
            expect(await outcome()).to.match(
                /^has vulnerabilities of severity HIGH or above\. .*\n {2}CVE-2026-1 .*\n {2}CVE-2026-2 HIGH openssl 3\.0\.11-1, no fix available\n$/,
            );
        } finally {
            analysis.stop();
        }
    });

    it("refuses an image if its scan has no result yet, or cannot be read, unless the stack file excepts the image", async () => {
        const analysis = await Analysis.start();
        try {
            host = `${answering}/us-central1-docker.pkg.dev/p/ml-images`;
            deploy(A, "1".repeat(40));
            await analysis.scanned(`us-central1-docker.pkg.dev/p/ml-images/p/inference@${PLATFORM}`, "SCANNING");
            await refused(
                ["--from", "dev", "--to", "prod"],
                / has unknown vulnerabilities: its scan is in the state SCANNING\. Wait until the scan ends/,
            );
            process.env.GOOGLE_OAUTH_ACCESS_TOKEN = "expired";
            await refused(
                ["--from", "dev", "--to", "prod"],
                / has unknown vulnerabilities: Artifact Analysis cannot be read \(.*roles\/containeranalysis\.occurrences\.viewer in p, or add /,
            );
            accept("inference");
            const { code, out } = await promote("--from", "dev", "--to", "prod", "--dry-run");
            expect(code).to.equal(0);
            expect(out)
                .to.contain("SBOM (SPDX) (accepted: its vendor publishes none)")
                .and.to.contain("unknown: Artifact Analysis cannot be read");
        } finally {
            analysis.stop();
        }
    });

    it("refuses an exception without a reason", async () => {
        repository.commit({
            "Pulumi.prod.yaml":
                "config:\n    ml-platform:images:\n        from: release\n    ml-platform:promotion:\n        unverified:\n            - image: redis\n",
        });
        await refused(["--from", "dev", "--to", "prod"], /^Pulumi\.prod\.yaml: ml-platform:promotion\.unverified\[0\]\.reason is missing/);
    });

    it("rolls back to a release without provenance, and warns", async () => {
        await promote("--from", "dev", "--to", "prod");
        repository.commit({});
        deploy(B, "2".repeat(40));
        await promote("--from", "dev", "--to", "prod");
        repository.commit({});
        served.set(A, { layers: [] });
        const { code, out } = await promote("--to", "prod", "--release", "1111111");
        expect(code).to.equal(0);
        expect(out).to.match(/^Warning: The image inference \(\S+\) has no provenance\. /m);
        expect(repository.read("Pulumi.prod.yaml")).to.contain(A);
    });

    it("finds the index next to an image, unless that index holds another build", async () => {
        const tag = (digest: string) => `${digest.replace(":", "-")}.attested`;
        const platforms = ["1", "2"].map((digit) => ({ digest: `sha256:${digit.repeat(64)}` }));
        const attesting = { digest: STATEMENTS, annotations: { "vnd.docker.reference.type": "attestation-manifest" } };
        const carried = async (own: object, ...indexed: readonly object[]) => {
            served.set(A, own).set(tag(A), { manifests: [...indexed, attesting] });
            const { out, error } = await promote("--from", "dev", "--to", "prod", "--dry-run");
            return out + error;
        };
        const both = "Attestations\n  inference    provenance of BuildKit, SBOM (SPDX)\n";
        const none = "has no provenance";
        expect(await carried({ layers: [] }, { digest: A })).to.contain(both);
        expect(await carried({ layers: [] }, { digest: B })).to.contain(none);
        expect(await carried({ manifests: platforms }, ...platforms)).to.contain(both);
        expect(await carried({ manifests: platforms }, ...platforms.slice(1))).to.contain(none);
    });

    it("finds the index of a registry with immutable tags, where the tag also has a hash", async () => {
        const attesting = { digest: STATEMENTS, annotations: { "vnd.docker.reference.type": "attestation-manifest" } };
        const tagged = (digest: string, hash: string) => `${digest.replace(":", "-")}.${hash}.attested`;
        const [older, newer, foreign] = [tagged(A, "0123456789ab"), tagged(A, "ba9876543210"), tagged(B, "0123456789ab")];
        served.set(A, { layers: [] }).set("list", { name: "p/inference", tags: [foreign, older, newer, "dev"] });
        served.set(foreign, { manifests: [{ digest: A }, attesting] }).set(older, { manifests: [{ digest: B }, attesting] });
        await refused(["--from", "dev", "--to", "prod"], /has no provenance/);
        served.set(newer, { manifests: [{ digest: A }, attesting] });
        expect((await promote("--from", "dev", "--to", "prod", "--dry-run")).out).to.contain("  inference    provenance of BuildKit");
    });

    it("is what npm runs", async () => {
        const { code, out } = await script("promote.ts", ["--from", "dev", "--to", "prod", "--dry-run"], repository.folder, programs);
        expect(code).to.equal(0);
        expect(out).to.contain("Dry run: nothing was changed.");
        expect(await script("promote.ts", [], repository.folder, programs)).to.deep.include({ code: 1, out: "" });
    });

    it("refuses wrong arguments", async () => {
        await refused([], /^Usage: /);
        await refused(["--from", "dev"], /^Usage: /);
        await refused(["--from", "dev", "--to", "prod", "--release", "1111111"], /^Usage: /);
        await refused(["--form", "dev", "--to", "prod"], /Unknown option '--form'/);
        await refused(["--from", "prod", "--to", "prod"], /cannot be promoted to itself/);
    });

    it("refuses a stack without a file, and one that was never deployed", async () => {
        await refused(["--from", "dev", "--to", "production"], /^There is no stack production: .* Stacks with a file: dev, prod\.$/m);
        await refused(["--from", "test", "--to", "prod"], /^There is no stack test: /);
        await refused(["--from", "prod", "--to", "dev"], /^There is no stack prod in Pulumi's backend/);
    });

    it("refuses a stack file that is not committed", async () => {
        repository.write({ "Pulumi.prod.yaml": "config: {}\n" });
        await refused(["--from", "dev", "--to", "prod"], /^Pulumi\.prod\.yaml has uncommitted changes/);
    });

    it("refuses a stack file that is not YAML", async () => {
        repository.commit({ "Pulumi.prod.yaml": "config: [\n" });
        await refused(["--from", "dev", "--to", "prod"], /^Pulumi\.prod\.yaml is not valid YAML: /);
    });

    it("refuses encrypted images, and leaves other encrypted values as they are", async () => {
        repository.commit({ "Pulumi.prod.yaml": "config:\n    ml-platform:images:\n        secure: v1:x\n" });
        await refused(
            ["--from", "dev", "--to", "prod"],
            /^Pulumi\.prod\.yaml has an encrypted value at ml-platform:images, .* pulumi config rm/,
        );
        const other = "config:\n    gcp:credentials:\n        secure: v1:x\n    ml-platform:images:\n        from: release\n";
        repository.commit({ "Pulumi.prod.yaml": other });
        expect((await promote("--from", "dev", "--to", "prod")).code).to.equal(0);
        expect(repository.read("Pulumi.prod.yaml").slice(0, other.length)).to.equal(other);
    });

    it("refuses a stack file that cannot be read", async () => {
        repository.git("rm", "--quiet", "Pulumi.prod.yaml");
        repository.commit({ "Pulumi.prod.yaml/values": "" });
        const { code, out, error } = await promote("--from", "dev", "--to", "prod");
        expect({ code, out, error }).to.deep.equal({
            code: 1,
            out: "",
            error: `${path.join(repository.folder, "Pulumi.prod.yaml")} cannot be read: it is a folder.\n`,
        });
    });

    it("refuses an image that the registry does not have, and a registry that cannot be reached", async () => {
        served.delete(A);
        await refused(["--from", "dev", "--to", "prod"], /is not in its registry: it was deleted, or never pushed\.$/m);
        fs.writeFileSync(
            path.join(programs, "output.json"),
            JSON.stringify({ images: { inference: `127.0.0.1:1/p@${A}` }, imagesBuiltFor: { variant: "gpu", platforms: ["linux/amd64"] } }),
        );
        await refused(["--from", "dev", "--to", "prod"], /^The registry 127\.0\.0\.1:1 cannot be reached/);
    });

    it("changes nothing when it is killed while it waits for the registry", async () => {
        const silent = http.createServer();
        silent.listen(0, "127.0.0.1");
        await once(silent, "listening");
        host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
        deploy(A, "1".repeat(40));
        const env = { ...process.env, PATH: `${programs}:${process.env.PATH ?? ""}` };
        const args = ["--require", require.resolve("tsx/cjs"), SCRIPT, "--from", "dev", "--to", "prod"];
        const child = spawn(process.execPath, args, { cwd: repository.folder, env, stdio: "ignore" });
        await once(silent, "request");
        child.kill("SIGKILL");
        await once(child, "exit");
        silent.close();
        silent.closeAllConnections();
        expect(repository.git("status", "--porcelain")).to.equal("");
    });

    it("refuses a release that the stack never had", async () => {
        await refused(["--to", "prod", "--release", "1111111"], /^Stack prod never had a release of commit 1111111; it had none\.$/m);
    });

    it("refuses to work outside a git repository", async () => {
        fs.renameSync(path.join(repository.folder, ".git"), path.join(programs, "git"));
        const { code, error } = await promote("--from", "dev", "--to", "prod");
        expect(code).to.equal(1);
        expect(error).to.match(/is not in a git repository: .*\n$/);
        fs.renameSync(path.join(programs, "git"), path.join(repository.folder, ".git"));
        expect(repository.git("status", "--porcelain")).to.equal("");
    });

    it("reports that Pulumi is missing", async () => {
        fs.rmSync(path.join(programs, "pulumi"));
        const { error } = await ended(
            (print) => runPromote(["--from", "dev", "--to", "prod"], repository.folder, print),
            programs,
            "/usr/bin:/bin",
        );
        expect(error).to.match(/^pulumi is not on PATH/);
    });
});
