import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { writeNew } from "../../../scripts/new/new";

const ROOT = path.join(__dirname, "..", "..", "..");

/** The registry of prod's release. */
const REGISTRY = "us-central1-docker.pkg.dev/my-organization-ml-dev/ml-images";

describe("npm run new", () => {
    let folder: string;
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(tmpdir(), "a clone "));
        for (const file of ["Pulumi.yaml", "Pulumi.sandbox.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"]) {
            fs.copyFileSync(path.join(ROOT, file), path.join(folder, file));
        }
        // The configuration's checks look for the folders of images from here.
        process.chdir(folder);
    });
    afterEach(() => {
        process.chdir(ROOT);
        fs.rmSync(folder, { recursive: true });
    });

    const read = (file: string): string => fs.readFileSync(path.join(folder, file), "utf8");
    const change = (file: string, ...[from, to]: readonly [string, string]): void => {
        expect(read(file)).to.include(from);
        fs.writeFileSync(path.join(folder, file), read(file).replace(from, to));
    };
    const everything = (): Readonly<Record<string, string>> =>
        Object.fromEntries(
            (fs.readdirSync(folder, { recursive: true }) as string[])
                .filter((file) => fs.statSync(path.join(folder, file)).isFile())
                .map((file) => [file, read(file)]),
        );

    async function run(...args: readonly string[]): Promise<string> {
        let output = "";
        expect(await writeNew(args, folder, (text) => (output += text))).to.equal(0);
        return output;
    }

    /** The error of a command that is refused. The command must not change a file. */
    async function refusal(...args: readonly string[]): Promise<string> {
        const before = everything();
        const error = await writeNew(args, folder, () => undefined).then(
            () => new Error("it did not refuse"),
            (reason: unknown) => reason as Error,
        );
        expect(everything()).to.deep.equal(before);
        return error.message;
    }

    /** Lines that an edit added to a file, and lines that it removed. */
    function difference(before: string, after: string): { readonly added: readonly string[]; readonly removed: readonly string[] } {
        const [old, now] = [before.split("\n"), after.split("\n")];
        return { added: now.filter((line) => !old.includes(line)), removed: old.filter((line) => !now.includes(line)) };
    }

    it("writes a service, adds it to the sandbox's stack file, and prints the next commands", async () => {
        const before = read("Pulumi.sandbox.yaml");
        expect(await run("service", "sentiment")).to.equal(
            [
                "Wrote",
                "  models/sentiment/Dockerfile",
                "  models/sentiment/handler.py",
                "  models/sentiment/model/weights.json",
                "  models/sentiment/requirements.txt",
                "  models/sentiment/test_handler.py",
                "  models/sentiment/.dockerignore",
                "  Pulumi.sandbox.yaml",
                "Next",
                "  python3 models/sentiment/test_handler.py",
                "  npm run sandbox -- up --yes",
                `  curl -s -d '{"values": [1, 2]}' "$(npm run --silent sandbox:status | awk '$1 == "inference/sentiment" { print $2 }')"/predict`,
                "",
            ].join("\n"),
        );
        const image = ["    sentiment:", "      context: models/sentiment", "      contexts:", "        common: docker/common"];
        const entry = ["      - name: sentiment", "        image: sentiment"];
        const { added, removed } = difference(before, read("Pulumi.sandbox.yaml"));
        expect(added).to.deep.equal([...image, "        inference: docker/inference", ...entry]);
        expect(removed).to.deep.equal([]);
        for (const [file, text] of Object.entries(everything())) {
            expect(text, file).not.to.include("{{");
        }
    });

    it("writes a run with its own disk, and converts runId to a list of runs", async () => {
        change("Pulumi.sandbox.yaml", "maxNodes: 1", "maxNodes: 2");
        const before = read("Pulumi.sandbox.yaml");
        expect(await run("training", "fine-tune")).to.equal(
            [
                "Wrote",
                "  models/fine-tune/Dockerfile",
                "  models/fine-tune/loop.py",
                "  models/fine-tune/model.py",
                "  models/fine-tune/requirements.txt",
                "  models/fine-tune/test_model.py",
                "  models/fine-tune/.dockerignore",
                "  Pulumi.sandbox.yaml",
                "Next",
                "  python3 models/fine-tune/test_model.py",
                "  npm run sandbox -- up --yes",
                "  npm run sandbox -- kubectl logs --namespace training --follow job/training-fine-tune-1",
                "",
            ].join("\n"),
        );
        const { added, removed } = difference(before, read("Pulumi.sandbox.yaml"));
        expect(removed).to.deep.equal(["    runId: first"]);
        expect(added.slice(-7)).to.deep.equal([
            "    runs:",
            "      - id: first",
            "      - id: fine-tune-1",
            "        image: fine-tune",
            "        checkpoints:",
            "          claim: fine-tune-checkpoints",
            "          size: 1Gi",
        ]);
    });

    it("writes a worker, and a section for it that needs the address of a broker", async () => {
        const before = read("Pulumi.sandbox.yaml");
        expect(await run("worker", "scoring")).to.equal(
            [
                "Wrote",
                "  models/scoring/Dockerfile",
                "  models/scoring/handler.py",
                "  models/scoring/model/weights.json",
                "  models/scoring/requirements.txt",
                "  models/scoring/test_handler.py",
                "  models/scoring/.dockerignore",
                "  Pulumi.sandbox.yaml",
                "Next",
                "  python3 models/scoring/test_handler.py",
                "  npm run sandbox -- up --yes",
                "  npm run sandbox -- kubectl logs --namespace workers --follow deployment/scoring",
                "",
            ].join("\n"),
        );
        const image = ["    scoring:", "      context: models/scoring", "      contexts:", "        common: docker/common"];
        expect(difference(before, read("Pulumi.sandbox.yaml")).added).to.deep.equal([
            ...[...image, "        worker: docker/worker", "  ml-platform:workers:", "    workers:"],
            ...["      - name: scoring", "        image: scoring", "        variables:"],
            ...["          BROKER_URL: redis://redis.redis:6379/0", "          QUEUE: scoring", "        egress:"],
            ...["          - namespace: redis", "            ports:", "              - 6379"],
        ]);
        expect(await refusal("worker", "scoring")).to.equal("Pulumi.sandbox.yaml already has an image scoring; nothing was changed.");
    });

    it("adds a run to a list, with the section's checkpoints if they are in a bucket", async () => {
        change("Pulumi.dev.yaml", "    runId: digits-1\n", "    runs:\n      - id: digits-1\n");
        await run("training", "fine-tune", "--stack", "dev");
        expect(read("Pulumi.dev.yaml")).to.include(
            "    runs:\n      - id: digits-1\n      - id: fine-tune-1\n        image: fine-tune\n    pool:",
        );
    });

    it("gives a run its own pool and checkpoints if the section has none", async () => {
        const checkpoints = "checkpoints:\n      bucket: my-organization-ml-dev-checkpoints\n      create: true\n";
        const indented = checkpoints.replaceAll("\n      ", "\n          ");
        change(
            "Pulumi.dev.yaml",
            "    runId: digits-1\n    pool: training\n",
            `    runs:\n      - id: digits-1\n        pool: training\n        ${indented}`,
        );
        change("Pulumi.dev.yaml", `    ${checkpoints}`, "");
        change("Pulumi.dev.yaml", "    tensorboard: true\n", "");
        await run("training", "fine-tune", "--stack", "dev");
        expect(read("Pulumi.dev.yaml")).to.include(
            `      - id: digits-1
        pool: training
        ${indented}      - id: fine-tune-1
        image: fine-tune
        pool: training
        checkpoints:
          bucket: my-organization-ml-dev-checkpoints
    cpu: 8`,
        );
    });

    it("adds the same folder to another stack, and does not change the folder", async () => {
        await run("service", "sentiment");
        change("Pulumi.dev.yaml", "maxNodes: 4", "maxNodes: 5");
        fs.appendFileSync(path.join(folder, "models/sentiment/handler.py"), "# mine\n");
        expect(await run("service", "sentiment", "--stack", "dev")).to.equal(
            [
                "Wrote",
                "  models/sentiment (kept as it is)",
                "  Pulumi.dev.yaml",
                "Next",
                "  python3 models/sentiment/test_handler.py",
                '  git add models/sentiment Pulumi.dev.yaml && git commit --message "feat: sentiment in dev" && git push && pulumi up --stack dev',
                `  kubectl port-forward --namespace inference service/sentiment 8000:80 & sleep 5; curl -s -d '{"values": [1, 2]}' localhost:8000/predict`,
                "",
            ].join("\n"),
        );
        expect(read("models/sentiment/handler.py")).to.match(/# mine\n$/);
    });

    it("adds only the service to a stack that takes releases, because the next release has its image", async () => {
        const digest = `sha256:${"a".repeat(64)}`;
        const release = [
            "    release:",
            `      inference: ${REGISTRY}/inference@${digest}`,
            `      training: ${REGISTRY}/training@${digest}`,
            "      variant: gpu",
        ];
        change("Pulumi.prod.yaml", "    channel: prod\n", `    channel: prod\n${release.join("\n")}\n`);
        const before = read("Pulumi.prod.yaml");
        expect(await run("service", "sentiment", "--stack", "prod")).to.include(
            '\n  git commit --message "feat: sentiment in prod" Pulumi.prod.yaml && npm run promote -- --from dev --to prod\n',
        );
        expect(difference(before, read("Pulumi.prod.yaml"))).to.deep.equal({
            added: ["      - name: sentiment", "        image: sentiment"],
            removed: [],
        });
    });

    it("prints the deployment of a stack if its release already has the image", async () => {
        const digest = `sha256:${"a".repeat(64)}`;
        const images = ["inference", "training", "sentiment"].map((image) => `      ${image}: ${REGISTRY}/${image}@${digest}\n`);
        change("Pulumi.prod.yaml", "    channel: prod\n", `    channel: prod\n    release:\n${images.join("")}      variant: gpu\n`);
        expect(await run("service", "sentiment", "--stack", "prod")).to.include("\n  pulumi up --stack prod\n");
    });

    for (const [kind, test] of [
        ["service", "test_handler.py"],
        ["training", "test_model.py"],
        ["worker", "test_handler.py"],
    ] as const) {
        it(`writes a test of a ${kind} that plain Python runs, from any folder`, async () => {
            change("Pulumi.sandbox.yaml", "maxNodes: 1", "maxNodes: 2");
            await run(kind, "sentiment");
            for (const cwd of [folder, tmpdir()]) {
                execFileSync("python3", ["-B", path.join(folder, "models", "sentiment", test)], { cwd, stdio: "pipe" });
            }
        });

        it(`reports that the ${kind} already exists, and changes nothing`, async () => {
            change("Pulumi.sandbox.yaml", "maxNodes: 1", "maxNodes: 2");
            await run(kind, "sentiment");
            expect(await refusal(kind, "sentiment")).to.equal("Pulumi.sandbox.yaml already has an image sentiment; nothing was changed.");
        });
    }

    it("uses the given pool, and requires one if the stack has several and no service", async () => {
        change(
            "Pulumi.sandbox.yaml",
            read("Pulumi.sandbox.yaml").replace(/^[^]*( {2}ml-platform:inference:[^]*) {2}ml-platform:training:[^]*$/, "$1"),
            "",
        );
        expect(await refusal("service", "sentiment")).to.equal(
            "Stack sandbox has the pools inference, training: name one of them with --pool.",
        );
        await run("service", "sentiment", "--pool", "inference");
        expect(read("Pulumi.sandbox.yaml")).to.match(
            / {2}ml-platform:inference:\n {4}services:\n {6}- name: sentiment\n {8}image: sentiment\n {8}pool: inference\n$/,
        );
    });

    describe("refuses, and changes nothing:", () => {
        const USAGE = "Usage: npm run new -- <service|training|worker> <name> [--stack <stack>] [--pool <pool>]";
        for (const [args, message] of [
            [[], USAGE],
            [["service"], USAGE],
            [["thing", "sentiment"], USAGE],
            [["toString", "sentiment"], USAGE],
            [["service", "sentiment", "more"], USAGE],
            [
                ["service", "Sentiment"],
                "Sentiment is not a valid name: it must be lower-case letters, digits and dashes, at most 37, first a letter.",
            ],
            [
                ["service", "../up"],
                "../up is not a valid name: it must be lower-case letters, digits and dashes, at most 37, first a letter.",
            ],
            [
                ["service", "x".repeat(38)],
                `${"x".repeat(38)} is not a valid name: it must be lower-case letters, digits and dashes, at most 37, first a letter.`,
            ],
            [["service", "worker"], "worker is the name of one of the project's own images: choose another."],
            [["service", "variant"], "variant is the name of a setting of images: choose another."],
            [["service", "commit"], "commit is the name of a setting of images: choose another."],
            [["service", "null"], "null is not a text in YAML: choose another name."],
            [["service", "digits"], "Pulumi.sandbox.yaml already has a service digits; nothing was changed."],
            [["service", "sentiment", "--pool", "gpu"], "Stack sandbox has no pool gpu: it has inference, training."],
            [
                ["service", "sentiment", "--stack", "qa"],
                "There is no stack qa: Pulumi.qa.yaml does not exist. Stacks with a file: dev, prod, sandbox.",
            ],
        ] as const) {
            it(args.join(" ") || "nothing", async () => {
                expect(await refusal(...args)).to.equal(message);
            });
        }

        it("a folder that is something else", async () => {
            fs.mkdirSync(path.join(folder, "models/sentiment"), { recursive: true });
            fs.writeFileSync(path.join(folder, "models/sentiment/Dockerfile"), "FROM scratch\n");
            expect(await refusal("service", "sentiment")).to.equal(
                "models/sentiment already exists and has no handler.py: choose another name, or move it.",
            );
        });

        it("a stack file that would not pass the checks, with the command that fixes it", async () => {
            expect(await refusal("training", "fine-tune")).to.equal(
                [
                    "Pulumi.sandbox.yaml would not pass the checks with fine-tune; nothing was written.",
                    "  ml-platform:cluster.pools[1].maxNodes: 1 is too few: run first: 1 × 1 GPU, run fine-tune-1: 1 × 1 GPU need 2 nodes",
                    "      For 2 nodes: npm run sandbox -- config set --path 'ml-platform:cluster.pools[1].maxNodes' 2; or reduce the number of pods.",
                ].join("\n"),
            );
        });

        it("a stack file that does not pass them now", async () => {
            change("Pulumi.sandbox.yaml", "pool: training", "pool: nowhere");
            expect(await refusal("service", "sentiment")).to.match(
                /^The configuration of stack sandbox has a problem; nothing was changed\./,
            );
        });

        it("a stack without training", async () => {
            change("Pulumi.sandbox.yaml", /^[^]*( {2}ml-platform:training:[^]*)$/.exec(read("Pulumi.sandbox.yaml"))?.[1] ?? "", "");
            expect(await refusal("training", "fine-tune")).to.match(
                /^Pulumi\.sandbox\.yaml has no ml-platform:training: add it with the pool and /,
            );
        });

        it("a stack file with aliases as sections", async () => {
            change("Pulumi.sandbox.yaml", "    services:\n", "    services: &services\n");
            expect(await refusal("service", "sentiment")).to.equal(
                "Pulumi.sandbox.yaml cannot be edited: config.ml-platform:inference.services must be a list without an anchor or a tag.",
            );
        });
    });
});

describe("the files that npm run new writes", () => {
    const text = (file: string): string => fs.readFileSync(path.join(ROOT, file), "utf8");
    for (const [kind, image] of [
        ["service", "inference"],
        ["training", "training"],
        ["worker", "worker"],
    ] as const) {
        it(`start ${kind} in the same way as the project's own image`, () => {
            const own = text("scripts/new/templates/image/Dockerfile") + text(`scripts/new/templates/${kind}/Dockerfile`);
            const shipped = text(`docker/${image}/Dockerfile`);
            const linesOf = (dockerfile: string): readonly string[] =>
                dockerfile.match(/^(ENTRYPOINT|USER|WORKDIR|HEALTHCHECK).*(\\\n.*)?$/gm) ?? [];
            expect(linesOf(own)).to.have.members(linesOf(shipped));
            // Its base image, too.
            expect(own).to.include(/^ARG BASE_IMAGE=.*$/m.exec(shipped)?.[0]);
        });
    }

    it("exclude the same files from an image as the project's own images", () => {
        const kept = (file: string): readonly string[] =>
            text(file)
                .split("\n")
                .filter((line) => line.startsWith("**/"));
        expect(kept("scripts/new/templates/ignored")).to.deep.equal(kept("docker/inference/.dockerignore"));
    });
});
