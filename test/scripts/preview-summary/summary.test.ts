import { expect } from "chai";
import type { ClassName } from "../../../scripts/preview-summary/classes";
import type { Preview } from "../../../scripts/preview-summary/engine/preview";
import { summary } from "../../../scripts/preview-summary/summary";
import { previewOf, type StepOf } from "./previews";

const lines = (preview: Preview): string[] =>
    summary(preview, "T", [])
        .markdown.split("\n")
        .filter((line) => line.startsWith("- "));

const line = (step: StepOf, rest: object = {}): string | undefined => lines(previewOf([step], rest))[0];

const exitOf = (steps: readonly StepOf[], allowed: readonly ClassName[] = []): number => summary(previewOf(steps), "T", allowed).exit;

const JOB = "kubernetes:batch/v1:Job";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const POOL = "gcp:container/nodePool:NodePool";
const IMAGE = "docker-build:index:Image";
const MEMBER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember";
const DIGESTS = ["0", "1"].map((digit) => `r/inference@sha256:${digit.repeat(64)}`);

const withImage = (image: string | undefined): object => ({ inputs: { spec: { template: { spec: { containers: [{ image }] } } } } });

describe("summary", () => {
    it("reports how many nodes of a pool are drained, according to the state", () => {
        const pool = (outputs: object): StepOf => ({
            op: "replace",
            type: POOL,
            name: "training",
            old: { inputs: { nodeConfig: { guestAccelerators: [{ type: "nvidia-l4" }] }, autoscaling: { totalMaxNodeCount: 8 } }, outputs },
            new: {},
            replace: ["nodeConfig.guestAccelerators"],
        });
        const reason = "- GPU pool `training` (`nvidia-l4`) is replaced, because `nodeConfig.guestAccelerators` changes: drains";
        expect(line(pool({}))).to.equal(`${reason} up to 8 nodes`);
        expect(line(pool({ nodeCount: 1 }))).to.equal(`${reason} 1 node, as of the last refresh (at most 8)`);
        expect(line(pool({ nodeCount: 2, nodeLocations: ["a", "b"] }))).to.equal(`${reason} 4 nodes, as of the last refresh (at most 8)`);
    });

    it("counts an update of a pool as draining only if GKE recreates the nodes", () => {
        expect(exitOf([{ op: "update", type: POOL, old: {}, new: {}, diff: ["nodeConfig.machineType"] }])).to.equal(14);
        expect(exitOf([{ op: "update", type: POOL, old: {}, new: {}, diff: ["autoscaling.maxNodeCount"] }])).to.equal(0);
    });

    it("distinguishes a run that is ended from the record of one that has ended", () => {
        const job = (status: object): StepOf => ({
            op: "delete",
            type: JOB,
            old: { inputs: { metadata: { name: "run-1" } }, outputs: { status } },
        });
        expect(line(job({ active: 1 }))).to.equal("- Run `run-1` is ended: its Job is deleted");
        expect(line(job({ conditions: [{ type: "Complete", status: "True" }] }))).to.equal(
            "- The record of run `run-1`, which has ended, is deleted",
        );
        expect(exitOf([job({ conditions: [{ type: "Complete", status: "False" }] })])).to.equal(15);
    });

    it("counts a kept Job as ended only if its namespace is deleted", () => {
        const job: StepOf = {
            op: "delete",
            type: JOB,
            old: { retainOnDelete: true, inputs: { metadata: { name: "run-1", namespace: "training" } } },
        };
        const namespace = (name: string): StepOf => ({
            op: "delete",
            type: "kubernetes:core/v1:Namespace",
            old: { inputs: { metadata: { name } } },
        });
        expect(line(job)).to.equal("- Job `it` is kept as it is");
        expect(lines(previewOf([job, namespace("other")]))).to.include("- Job `it` is kept as it is");
        expect(lines(previewOf([job, namespace("training")]))).to.include("- Run `run-1` is ended: its Job is deleted");
    });

    it("reports why an image is rebuilt: files, build arguments, settings", () => {
        const image: StepOf = {
            op: "update",
            type: IMAGE,
            name: "inference",
            old: {
                inputs: {
                    context: { location: "docker/inference" },
                    labels: { "org.opencontainers.image.revision": "abc" },
                    buildArgs: { A: "1", B: "secret-1", SOURCE_DATE_EPOCH: "1" },
                },
            },
            new: { inputs: { buildArgs: { A: "1", B: "secret-2", SOURCE_DATE_EPOCH: "2" } } },
            diff: ["contextHash", "buildArgs", "labels", "platforms"],
        };
        const component: StepOf = {
            op: "update",
            type: "ml-platform:index:ContainerImage",
            name: "inference",
            old: { custom: false, inputs: { sources: { "docker/common/a.py": "1", "docker/inference/gone.py": "1", "same.py": "1" } } },
            new: { custom: false, inputs: { sources: { "docker/common/a.py": "2", "docker/inference/new.py": "1", "same.py": "1" } } },
        };
        expect(lines(previewOf([image, component]))).to.deep.equal([
            "- Image `inference` is built again: `docker/common/a.py`, `docker/inference/gone.py`, `docker/inference/new.py` changed; build argument `B` changed; `platforms` changed",
        ]);
        expect(line(image)).to.contain("built again: files of `docker/inference` changed;");
        expect(line({ op: "create", type: IMAGE, new: {} })).to.equal("- Image `it` is built for the first time");
    });

    it("distinguishes a build that attaches provenance from a build of the image", () => {
        const attested: StepOf = { op: "update", type: IMAGE, name: "inference--attested", old: { inputs: {} }, new: {}, diff: ["tags"] };
        expect(line(attested)).to.equal("- Image `inference` gets provenance of its build");
        expect(summary(previewOf([attested]), "prod", []).markdown).to.contain("### Provenance of images (1)");
    });

    it("counts a deleted image as data loss, because the provider deletes its digest", () => {
        expect(exitOf([{ op: "delete", type: IMAGE, old: {} }])).to.equal(12);
    });

    it("distinguishes a new release from pods that roll", () => {
        const step = (after: string | undefined): StepOf => ({
            op: "update",
            type: DEPLOYMENT,
            old: withImage(DIGESTS[0]),
            new: withImage(after),
            diff: ["spec.template.spec.containers[0].image"],
        });
        const config = { "ml-platform:images": JSON.stringify({ from: "release", release: { commit: "abcdef0123456789" } }) };
        expect(line(step(DIGESTS[1]), { config })).to.equal(
            "- Deployment `it` takes release `abcdef012345`: `sha256:000000000000` → `sha256:111111111111`",
        );
        expect(line(step(DIGESTS[1]))).to.equal("- Deployment `it` rolls its pods: `sha256:000000000000` → `sha256:111111111111`");
        expect(line(step(undefined), { config })).to.equal(
            "- Deployment `it` rolls its pods: `sha256:000000000000` → the one that is built",
        );
    });

    it("reports each grant with its member, and highlights public access", () => {
        const grant = (member: string): StepOf => ({ op: "create", type: MEMBER, new: { inputs: { role: "roles/r", member } } });
        expect(line(grant("user:a@b.c"))).to.equal("- RepositoryIamMember `it` is granted: `roles/r` for `user:a@b.c`");
        expect(exitOf([grant("user:a@b.c")])).to.equal(0);
        expect(exitOf([grant("allUsers")])).to.equal(17);
        expect(exitOf([{ op: "delete", type: MEMBER, old: { inputs: { member: "allUsers" } } }])).to.equal(0);
    });

    it("lists protected resources of any type first", () => {
        const steps: StepOf[] = [
            { op: "delete", type: "gcp:container/cluster:Cluster", name: "b", old: {} },
            { op: "delete", type: "gcp:serviceaccount/account:Account", name: "a", old: { protect: true } },
        ];
        expect(lines(previewOf(steps))[0]).to.equal("- Account `a` is protected, and would be deleted");
        expect(exitOf(steps)).to.equal(11);
    });

    it("exits with the status of the most severe class that is not allowed", () => {
        const steps: StepOf[] = [
            { op: "delete", type: "gcp:container/cluster:Cluster", old: {} },
            { op: "delete", type: POOL, old: {} },
        ];
        expect(exitOf(steps)).to.equal(13);
        expect(exitOf(steps, ["cluster-replaced"])).to.equal(14);
        expect(exitOf(steps, ["cluster-replaced", "nodes-drained"])).to.equal(0);
    });

    it("shows errors without colors and stack traces, in a block that they cannot close", () => {
        const message = "\u001b[31merror:\u001b[0m it broke\n```\n    at Object.<anonymous> (/home/someone/index.ts:1:1)\n";
        const { markdown, exit } = summary(previewOf([], { diagnostics: [{ message, severity: "error" }] }), "T", []);
        expect(markdown).to.contain("\n\n    ````\n    error: it broke\n    ```\n    ````\n");
        expect(markdown).not.to.contain("someone").and.not.to.contain("\u001b");
        expect(exit).to.equal(10);
    });

    it("shows messages of the program as text, not as Markdown", () => {
        const notes = [
            { urn: "u", message: "second <b>\n", severity: "info" },
            { urn: "u", message: "first *x*", severity: "warning" },
            { message: "of the engine", severity: "info" },
        ];
        expect(lines(previewOf([], { diagnostics: notes }))).to.deep.equal(["- first \\*x\\*", "- second \\<b\\>"]);
    });

    it("never shows a secret, in any field", () => {
        const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hunter2" };
        const everything = {
            role: secret,
            member: "[secret]",
            members: ["[secret]", "hunter2".replace("hunter2", "user:a")],
            password: "hunter2",
            metadata: { name: secret },
        };
        const types = [
            JOB,
            DEPLOYMENT,
            POOL,
            IMAGE,
            MEMBER,
            "kubernetes:core/v1:Secret",
            "gcp:container/cluster:Cluster",
            "random:index:Password",
        ];
        const steps = types.flatMap((type) =>
            ["create", "update", "replace", "delete"].map((op) => ({
                op,
                type,
                name: op,
                old: { inputs: everything, outputs: everything },
                new: { inputs: { ...everything, password: "hunter2-new" } },
                diff: ["password", "spec.template.spec.containers[0].env[0].value", "buildArgs"],
            })),
        );
        const { markdown } = summary(previewOf(steps, { config: { "ml-platform:images": "[secret]" } }), "T", []);
        expect(markdown).not.to.contain("hunter2").and.not.to.contain("[secret]");
        expect(markdown.split("\n").filter((text) => text.startsWith("- "))).to.have.length(steps.length);
    });

    it("stays under 60,000 characters, most severe first, and says how much it omits", () => {
        const steps = (type: string, count: number): StepOf[] =>
            Array.from({ length: count }, (_, index) => ({
                op: "delete",
                type,
                name: `${"long-name-".repeat(20)}${String(index).padStart(5, "0")}`,
                old: {},
            }));
        const preview = previewOf([...steps("gcp:storage/bucket:Bucket", 3000), ...steps("gcp:serviceaccount/account:Account", 3000)]);
        const { markdown } = summary(preview, "T", []);
        expect(markdown.length).to.be.lessThan(60_000).and.greaterThan(50_000);
        expect(markdown).to.match(
            /### ⚠️ Data lost \(3000\)\n\n- Bucket [\s\S]*- … and \d+ more\n\n### ⚠️ Other resources deleted or replaced \(3000\)\n\n- … and 3000 more\n$/,
        );
        expect(
            summary(
                previewOf([], { diagnostics: Array.from({ length: 100 }, () => ({ message: "x".repeat(9000), severity: "error" })) }),
                "T",
                [],
            ).markdown.length,
        ).to.be.lessThan(60_000);
    });

    it("reports that nothing changes", () => {
        expect(summary(previewOf([], { changeSummary: { same: 1 } }), "Preview of dev", [])).to.deep.equal({
            markdown: "## Preview of dev\n\nNothing changes. 1 resource stays as before.\n",
            exit: 0,
        });
    });
});
