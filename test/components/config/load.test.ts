import { readFileSync } from "node:fs";
import path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import * as fc from "fast-check";
import { parse } from "yaml";
import { z } from "zod";

import { ConfigError, loadConfig, parseConfig } from "../../../components/config/load";
import { sections } from "../../../components/config/sections";
import { type RawConfig } from "../../../components/config/handed-over";
import { type StackConfig, type ValidConfig } from "../../../components/config/stack";
import { projectName } from "../../../components/config/problem";
import { badStacks, release, sound } from "../bad-stacks";
import { problemsOf } from "../problems-of";
import { edited, mended, stackFile } from "../stack-files";

const section = <R extends "registry" | "build" | "images" | "cluster" | "inference" | "workers" | "training">(
    config: ValidConfig,
    name: R,
): NonNullable<ValidConfig[R]> => {
    const value = config[name];
    if (value === undefined) {
        throw new Error(`${name} is absent`);
    }
    return value;
};

describe("stack files", () => {
    it("accepts sandbox, and fills in every default of its GPU pools and its run", () => {
        const config = parseConfig(stackFile("sandbox"), "sandbox");
        const pool = {
            accelerator: "nvidia-l4",
            acceleratorCount: 1,
            machineType: "g2-standard-4",
            minNodes: 0,
            zones: ["us-central1-a"],
            driver: "latest",
            diskSizeGb: 100,
            compactPlacement: false,
            queuedProvisioning: false,
            upgrade: { strategy: "surge", maxSurge: 0, maxUnavailable: 1 },
        };
        expect(section(config, "cluster").pools).to.deep.equal([
            { ...pool, name: "inference", capacity: ["on-demand"], maxNodes: 2 },
            { ...pool, name: "training", capacity: ["spot"], maxNodes: 1 },
        ]);
        const [run] = section(config, "training").runs;
        const { placement, ...training } = run ?? expect.fail("no run");
        expect(placement).to.deep.equal({
            nodes: { pool: "training", accelerator: "nvidia-l4", gpus: 1, computeClass: undefined, stack: "sandbox" },
            fitsOneMore: false,
        });
        expect(training).to.deep.equal({
            namespace: "training",
            runId: "first",
            path: [],
            queue: undefined,
            image: "training",
            pool: "training",
            nodes: 1,
            gpus: 1,
            cpu: "1",
            ephemeralStorage: "10Gi",
            egress: [],
            memory: "10Gi",
            sharedMemory: "8Gi",
            workingSet: "2Gi",
            args: [],
            variables: {},
            volumes: [],
            secrets: [],
            checkpoints: { claim: "checkpoints", size: "1Gi" },
            backoffLimit: 3,
            activeDeadlineSeconds: 86_400,
            graceSeconds: 15,
            wait: true,
            tensorboard: false,
        });
    });

    it("accepts dev", () => {
        expect(problemsOf(stackFile("dev"), "dev")).to.deep.equal([]);
    });

    it("refuses prod until a release is promoted, and prints the command", () => {
        expect(problemsOf(stackFile("prod"), "prod")).to.deep.equal([
            {
                key: "ml-platform:images.release",
                problem: "is missing: images come from a release, and none was promoted to this stack",
                remedy: "npm run promote -- --from dev --to prod",
            },
        ]);
    });

    it("accepts prod with a release", () => {
        const promoted = {
            "ml-platform:images.release": release,
            "ml-platform:cluster.binaryAuthorization.buildProject": "team-ml",
        };
        expect(problemsOf(edited(stackFile("prod"), promoted), "prod")).to.deep.equal([]);
    });

    it("put the subnet into the region of the cluster, if it differs from the stack's", () => {
        const elsewhere = edited(stackFile("sandbox"), { "ml-platform:cluster.location": "europe-west4-a" });
        expect(section(parseConfig(elsewhere, "sandbox"), "cluster").network.region).to.equal("europe-west4");
    });

    it("have only keys that Pulumi.yaml describes", () => {
        const described = Object.keys(projectFile().config).map((key) => (key.includes(":") ? key : `${projectName}:${key}`));
        for (const stack of ["sandbox", "dev", "prod"]) {
            expect([...described, "gcp:project"], stack).to.include.members(Object.keys(stackFile(stack)));
        }
    });
});

interface ProjectFile {
    readonly name: string;
    readonly config: Readonly<Record<string, { readonly description?: string; readonly default?: unknown; readonly value?: unknown }>>;
}

const projectFile = (): ProjectFile => parse(readFileSync(path.join(__dirname, "..", "..", "..", "Pulumi.yaml"), "utf8")) as ProjectFile;

describe("Pulumi.yaml", () => {
    it("describes exactly the sections that have a schema", () => {
        const { name, config } = projectFile();
        expect(name).to.equal(projectName);
        expect(Object.keys(config).filter((key) => !key.includes(":"))).to.have.members(Object.keys(sections));
    });

    it("gives a new stack a registry and images, but no workloads", () => {
        const defaults = Object.entries(projectFile().config).map(([key, declared]) => [
            key.includes(":") ? key : `${projectName}:${key}`,
            declared.default ?? declared.value,
        ]);
        const config = parseConfig({ ...(Object.fromEntries(defaults) as RawConfig), "gcp:project": "team-ml" }, "pr-123");
        expect(Object.entries(config).flatMap(([key, value]) => (value === undefined ? [key] : []))).to.deep.equal([
            "build",
            "promotion",
            "cluster",
            "inference",
            "workers",
            "training",
        ]);
    });
});

describe("schemas", () => {
    interface Node {
        readonly description?: string;
        readonly properties?: Readonly<Record<string, Node>>;
        readonly items?: Node;
        readonly anyOf?: readonly Node[];
    }

    const undescribed = (node: Node, at: string): readonly string[] => [
        ...Object.entries(node.properties ?? {}).flatMap(([name, field]) => [
            ...(field.description === undefined ? [`${at}.${name}`] : []),
            ...undescribed(field, `${at}.${name}`),
        ]),
        ...(node.items === undefined ? [] : undescribed(node.items, `${at}[]`)),
        ...(node.anyOf ?? []).flatMap((option) => undescribed(option, at)),
    ];

    it("describe every field", () => {
        const fields = Object.entries(sections).flatMap(([name, { schema }]) => undescribed(z.toJSONSchema(schema) as Node, name));
        expect(fields).to.deep.equal([]);
    });
});

describe("parseConfig", () => {
    it("derives locations from the region", () => {
        const config = parseConfig(edited(sound, { "gcp:region": "europe-west4" }), "dev");
        expect([section(config, "registry").location, section(config, "cluster").location]).to.deep.equal(["europe-west4", "europe-west4"]);
    });

    it("keeps locations that are given", () => {
        const config = parseConfig(
            edited(sound, { "ml-platform:registry.location": "us", "ml-platform:cluster.location": "us-east1-c" }),
            "dev",
        );
        expect([section(config, "registry").location, section(config, "cluster").location]).to.deep.equal(["us", "us-east1-c"]);
    });

    it("defaults to us-central1", () => {
        expect(parseConfig(edited(sound, { "gcp:region": undefined }), "dev").region).to.equal("us-central1");
    });

    const production = edited(sound, { "ml-platform:environment": "prod", "ml-platform:images": { from: "release", release } });

    it("protects production, and requires approval there", () => {
        const config = parseConfig(production, "prod");
        expect([config.protect, section(config, "cluster").deletionProtection, section(config, "build").approval]).to.deep.equal([
            true,
            true,
            true,
        ]);
    });

    it("protects no other stack", () => {
        const config = parseConfig(sound, "dev");
        expect([config.protect, section(config, "cluster").deletionProtection, section(config, "build").approval]).to.deep.equal([
            false,
            false,
            false,
        ]);
    });

    it("keeps a protection that is given", () => {
        const config = parseConfig(edited(production, { "ml-platform:cluster.deletionProtection": false }), "prod");
        expect(section(config, "cluster").deletionProtection).to.equal(false);
    });

    it("lists capacity in its order", () => {
        const capacity = [{ reservation: "team" }, "on-demand", "flex-start", "spot"];
        const config = parseConfig(edited(sound, { "ml-platform:cluster.pools[0].capacity": capacity }), "dev");
        expect(section(config, "cluster").pools[0]?.capacity).to.deep.equal(capacity);
    });

    it("gives a run memory for /dev/shm and its working set", () => {
        const config = parseConfig(edited(sound, { "ml-platform:training.memory": undefined }), "dev");
        expect(section(config, "training").runs[0]?.memory).to.equal("14Gi");
    });

    it("gives a run a grace period of 15 seconds on spot nodes, and of 30 elsewhere", () => {
        const onDemand = edited(sound, { "ml-platform:cluster.pools[1].capacity": "on-demand" });
        expect([sound, onDemand].map((raw) => section(parseConfig(raw, "dev"), "training").runs[0]?.graceSeconds)).to.deep.equal([15, 30]);
    });

    it("defaults to one replica, or none with autoscaling", () => {
        const plain = edited(sound, { "ml-platform:inference.services[0].replicas": undefined });
        const scaled = edited(plain, { "ml-platform:inference.services[0].autoscaling": { max: 2 } });
        const replicas = [plain, scaled].map((raw) => section(parseConfig(raw, "dev"), "inference").services[0]?.replicas);
        expect(replicas).to.deep.equal([1, undefined]);
    });

    it("accepts a number as a quantity, but not as text, because YAML may have changed it", () => {
        const number = edited(sound, { "ml-platform:training.cpu": 1.5 });
        expect(section(parseConfig(number, "dev"), "training").runs[0]?.cpu).to.equal("1.5");
        expect(problemsOf(edited(sound, { "ml-platform:training.args": ["--epochs", 5] }))).to.deep.equal([
            {
                key: "ml-platform:training.args[1]",
                problem: "must be text in quotes, not 5: YAML reads it as a number, which may not be what you wrote",
                remedy: "Put the value in quotes in the stack file, or set it with --type string.",
            },
        ]);
    });

    it("ignores other namespaces", () => {
        expect(problemsOf({ ...sound, "gcp:zone": "us-central1-a", "docker-build:host": "unix:///run/docker.sock" })).to.deep.equal([]);
    });

    it("ignores empty sections", () => {
        for (const empty of [{}, null, ""]) {
            expect(parseConfig({ ...sound, "ml-platform:training": empty }, "dev").training).to.equal(undefined);
        }
    });

    it("reports everything except problems that depend on a guessed value", () => {
        const raw = edited(sound, {
            "ml-platform:cluster.pools[0].acceleratorCount": "two",
            "ml-platform:cluster.pools[1].minNodes": 3,
            "ml-platform:inference.services[0].gpus": 2,
        });
        expect(problemsOf(raw).map(({ key }) => key)).to.deep.equal([
            "ml-platform:cluster.pools[0].acceleratorCount",
            "ml-platform:cluster.pools[1].maxNodes",
        ]);
    });

    it("never crashes for any value of a section", () => {
        const names = fc.constantFrom(...Object.keys(sections));
        fc.assert(
            fc.property(names, fc.jsonValue(), (name, value) => {
                const raw = { ...sound, [`${projectName}:${name}`]: value };
                problemsOf(raw).forEach(({ key, problem, remedy }) =>
                    expect([key, problem, remedy].every((text) => text.length > 0)).to.equal(true),
                );
            }),
            { numRuns: 60, endOnFailure: true },
        );
    });
});

describe("bad stacks", () => {
    it("are at least fifty", () => {
        expect(badStacks.length).to.be.at.least(50);
        expect(problemsOf(sound)).to.deep.equal([]);
    });

    for (const { title, stack = "dev", edits, problems, repair } of badStacks) {
        it(`refuses ${title}`, () => {
            expect(problemsOf(edited(sound, edits), stack)).to.deep.equal(problems);
        });

        it(`accepts the corrected version of ${title}`, () => {
            const broken = edited(sound, edits);
            const repaired =
                repair === undefined ? problems.reduce((raw, { remedy }) => mended(raw, remedy), broken) : edited(broken, repair);
            expect(problemsOf(repaired, stack)).to.deep.equal([]);
        });
    }
});

describe("ConfigError", () => {
    it("lists every problem with its remedy", () => {
        const error = new ConfigError("dev", [
            {
                key: "gcp:region",
                problem: "us-centrall is no region of Google Cloud; the nearest is us-central1",
                remedy: "pulumi config set --path 'gcp:region' us-central1",
            },
            {
                key: "ml-platform:training.memory",
                problem: "is too little",
                remedy: "pulumi config set --path 'ml-platform:training.memory' 12Gi",
            },
        ]);
        expect(error.message).to.equal(
            [
                "The configuration of stack dev has 2 problems; nothing was changed.",
                "  gcp:region: us-centrall is no region of Google Cloud; the nearest is us-central1",
                "      pulumi config set --path 'gcp:region' us-central1",
                "  ml-platform:training.memory: is too little",
                "      pulumi config set --path 'ml-platform:training.memory' 12Gi",
                "(The commands change the selected stack; add --stack dev where another one is selected. They are quoted for a POSIX shell; for PowerShell and cmd, see docs/operations/runbooks.md.)",
            ].join("\n"),
        );
    });

    it("ends a program without a stack trace", () => {
        expect(pulumi.RunError.isInstance(new ConfigError("dev", []))).to.equal(true);
    });
});

describe("loadConfig", () => {
    const load = async (raw: RawConfig, secretKeys: string[] = []): Promise<StackConfig> => {
        await pulumi.runtime.setMocks(
            { newResource: ({ inputs }) => ({ id: "", state: inputs as object }), call: () => ({}) },
            projectName,
            "dev",
        );
        const values = Object.entries(raw).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
        pulumi.runtime.setAllConfig(Object.fromEntries(values) as Record<string, string>, secretKeys);
        return loadConfig();
    };

    after(() => {
        pulumi.runtime.setAllConfig({});
    });

    it("reads the configuration from Pulumi", async () => {
        expect(await load(sound)).to.deep.equal(parseConfig(sound, "dev"));
    });

    it("reports unknown sections, and text instead of an object", async () => {
        const error = await load({ ...sound, "ml-platform:regisrty": {}, "ml-platform:training": "first" }).catch(
            (caught: unknown) => caught,
        );
        expect((error as ConfigError).problems.map(({ key }) => key)).to.deep.equal(["ml-platform:regisrty", "ml-platform:training"]);
    });

    it("refuses encrypted values in the stack file, and never prints it", async () => {
        const secret = "hunter2-hunter2";
        const raw = edited(sound, {
            "ml-platform:training.variables": { API_KEY: secret, MODE: [secret] },
            "ml-platform:environment": secret,
        });
        const keys = ["ml-platform:training", "ml-platform:environment", "gcp:project", "gcp:credentials"];
        const error = await load({ ...raw, "gcp:credentials": secret }, keys).catch((caught: unknown) => caught);
        expect((error as ConfigError).problems.map(({ key, remedy }) => [key, remedy])).to.have.deep.members([
            ["ml-platform:training", "pulumi config rm --path 'ml-platform:training'"],
            ["ml-platform:environment", "pulumi config rm --path 'ml-platform:environment'"],
            ["gcp:project", "pulumi config rm --path 'gcp:project'"],
        ]);
        expect(String(error)).not.to.contain(secret);
    });

    it("ignores secrets of providers", async () => {
        expect(await load({ ...sound, "gcp:credentials": "{}" }, ["gcp:credentials"])).to.deep.equal(parseConfig(sound, "dev"));
    });
});

describe("parseConfig, of an encrypted value", () => {
    it("refuses it by its key, and reports no problem that depends on its section", () => {
        expect(() => parseConfig(sound, "dev", ["ml-platform:cluster.pools[0].name"])).to.throw(
            ConfigError,
            /has a problem; nothing was changed/,
        );
    });
});

describe("the trigger's settings", () => {
    const problems = (section: string, value: unknown) =>
        problemsOf(edited(sound, { [`ml-platform:${section}`]: value }), "dev").map(({ key, problem }) => `${key} ${problem}`);

    for (const [field, value, problem] of [
        ["github.owner", "a/b", 'must be the name of a user or an organization, without a slash, not "a/b"'],
        ["github.owner", "", 'must be the name of a user or an organization, without a slash, not ""'],
        ["github.name", "team/platform", 'must be the name of a repository, without its owner and without .git, not "team/platform"'],
        ["github.name", "platform.git", 'must be the name of a repository, without its owner and without .git, not "platform.git"'],
        ["branches", "^(?!main)", 'must be a regular expression of RE2 (invalid or unsupported Perl syntax: `(?!`), not "^(?!main)"'],
        ["branches", "*", 'must be a regular expression of RE2 (missing argument to repetition operator: `*`), not "*"'],
        ["branches", "", 'must not be empty, not ""'],
        ["tags", "v(1", 'must be a regular expression of RE2 (missing closing ): `v(1`), not "v(1"'],
    ] as const) {
        it(`refuse ${field} ${JSON.stringify(value)}`, () => {
            expect(problems(`build.${field}`, value)).to.deep.equal([`ml-platform:build.${field} ${problem}`]);
        });
    }

    it("refuse a glob that is empty", () => {
        expect(problems("build.includedFiles", ["docker/**", ""])).to.deep.equal([
            'ml-platform:build.includedFiles[1] must not be empty, not ""',
        ]);
    });

    it("accept the values that GitHub and RE2 accept", () => {
        expect(
            problems("build", {
                github: { owner: "Team_shortcode", name: ".github" },
                tags: "^v\\d+$",
                branches: "(?i)^(main|release/.*)$",
            }),
        ).to.deep.equal([]);
        const github = { appInstallationId: 1, tokenSecretVersion: "projects/p/secrets/github-token/versions/1" };
        const connection = { name: "github", remoteUri: "https://github.com/team/platform.git", github };
        expect(problems("build", { connection })).to.deep.equal([]);
    });

    for (const remoteUri of [
        "https://token@github.com/a/b.git",
        "https://github.com/a b.git",
        "git@github.com:a/b.git",
        "https://github.com/a/b",
    ]) {
        it(`refuse the address ${remoteUri}`, () => {
            expect(problems("build", { connection: { name: "github", remoteUri } })).to.deep.equal([
                `ml-platform:build.connection.remoteUri must be an https address that ends in .git, without credentials, not "${remoteUri}"`,
            ]);
        });
    }
});

describe("the images' settings", () => {
    const problems = (field: string, value: unknown) =>
        problemsOf(edited(sound, { [`ml-platform:images.${field}`]: value }), "dev").map(({ problem }) => problem);

    it("refuse names that no registry accepts, and versions of Python without lock files", () => {
        expect(problems("baseImage", "my image")).to.deep.equal([
            'must be the name of an image, such as python:3.11-slim-bookworm, not "my image"',
        ]);
        expect(problems("baseImage", "https://docker.io/python")).to.have.length(1);
        expect(problems("channel", "a".repeat(101))).to.have.length(1);
        expect(problems("pythonVersion", "3.9")).to.deep.equal(['must be "3.11", "3.12" or "3.13", in quotes, not "3.9"']);
    });

    it("accept names that registries accept", () => {
        const digest = `sha256:${"a".repeat(64)}`;
        for (const image of [
            "python",
            "python:3.12-slim",
            `localhost:5000/base/python:3.11@${digest}`,
            `us-docker.pkg.dev/p/r/python@${digest}`,
        ]) {
            expect(problems("baseImage", image), image).to.deep.equal([]);
        }
    });

    it("follow the pools: gpu if the cluster has any, unless the stack file sets cpu", () => {
        const variant = (edits: RawConfig) => parseConfig(edited(sound, edits), "dev").images?.variant;
        expect(variant({})).to.equal("gpu");
        expect(variant({ "ml-platform:images.variant": "cpu" })).to.equal("cpu");
        const alone = { "ml-platform:cluster": undefined, "ml-platform:inference": undefined, "ml-platform:training": undefined };
        expect(variant(alone)).to.equal("cpu");
    });

    it("take the variant and the platforms of promoted images from the release", () => {
        const built = { ...release, variant: "cpu", platforms: ["linux/amd64", "linux/arm64"] };
        const images = { from: "release", variant: "cpu", release: built };
        expect(parseConfig(edited(sound, { "ml-platform:images": images }), "dev").images).to.deep.include({
            variant: "cpu",
            platforms: ["linux/amd64", "linux/arm64"],
        });
    });
});
