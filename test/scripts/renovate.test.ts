import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { dependencies, devDependencies } from "../../package.json";
import renovate from "../../renovate.json";

const ROOT = path.join(__dirname, "../..");
const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), "utf8");

describe("renovate.json", () => {
    for (const { managerFilePatterns, matchStrings, ...templates } of renovate.customManagers) {
        const name = templates.depNameTemplate ?? templates.description;
        it(`finds the version of ${name} in ${managerFilePatterns.join(", ")}`, () => {
            for (const file of managerFilePatterns) {
                const versions = matchStrings.flatMap((pattern) =>
                    [...read(file).matchAll(new RegExp(pattern, "g"))].map(
                        ({ groups }) => groups?.currentValue ?? templates.currentValueTemplate,
                    ),
                );
                expect(versions, file).not.to.have.length(0);
                for (const version of versions) {
                    expect(version).to.match(/^(v?\d+\.\d+\.\d+|latest|\d+\.\d+-slim-bookworm)$/);
                }
            }
        });
    }

    it("updates the digest of every image that a build step runs", () => {
        const digests = read("components/images/trigger/build-definition.ts").match(/@sha256:[0-9a-f]{64}/g) ?? [];
        const found = renovate.customManagers
            .filter(({ managerFilePatterns }) => managerFilePatterns.includes("components/images/trigger/build-definition.ts"))
            .flatMap(({ matchStrings }) => matchStrings)
            .flatMap(
                (pattern) => new RegExp(pattern).exec(read("components/images/trigger/build-definition.ts"))?.groups?.currentDigest ?? [],
            );
        expect(found.map((digest) => `@${digest}`)).to.deep.equal(digests);
    });

    it("pins and updates the digest of every image outside the Dockerfiles that the sandbox builds", () => {
        const files = renovate.packageRules.find(({ pinDigests }) => pinDigests === true)?.matchFileNames ?? [];
        expect(files).to.deep.equal([
            "docker/compose.yaml",
            "docker/training/pixi/Dockerfile",
            "Pulumi.dev.yaml",
            "components/images/attestations.ts",
        ]);
        const pinned = Object.fromEntries(
            files.map((file) => [file, [...read(file).matchAll(/[\w./-]+:[\w.-]+(?=@sha256:[0-9a-f]{64}\b)/g)].map(([image]) => image)]),
        );
        expect(pinned).to.deep.equal({
            "docker/compose.yaml": ["redis:7.4-alpine", "postgres:17-alpine"],
            "docker/training/pixi/Dockerfile": ["ghcr.io/prefix-dev/pixi:0.70.1-noble"],
            "Pulumi.dev.yaml": ["python:3.11-slim-bookworm"],
            "components/images/attestations.ts": ["docker/buildkit-syft-scanner:1.11.0"],
        });
        const { services } = parse(read("docker/compose.yaml"), { merge: true }) as {
            services: Record<string, { image: string; build?: object }>;
        };
        const unpinned = Object.values(services).filter(({ image, build }) => build === undefined && !image.includes("@sha256:"));
        expect(unpinned).to.deep.equal([]);
    });

    it("covers every tool of the sandbox", () => {
        const constants = [...read("sandbox/toolchain/toolsets.ts").matchAll(/^const (\w+) = "v?\d+\.\d+\.\d+";$/gm)].map(([line]) => line);
        expect(constants).not.to.have.length(0);
        const patterns = renovate.customManagers.flatMap(({ matchStrings }) => matchStrings);
        expect(constants.filter((line) => !patterns.some((pattern) => new RegExp(pattern).test(line)))).to.deep.equal([]);
    });

    it("allows the versions that are installed", () => {
        const installed: Readonly<Record<string, string>> = { ...dependencies, ...devDependencies };
        const limits = renovate.packageRules.flatMap(({ allowedVersions, matchPackageNames }) =>
            allowedVersions === undefined ? [] : matchPackageNames.map((name) => [name, allowedVersions.slice(1)] as const),
        );
        expect(limits).not.to.have.length(0);
        for (const [name, limit] of limits) {
            expect((installed[name] ?? "").localeCompare(limit, "en", { numeric: true }), name).to.be.lessThan(0);
        }
    });
});

describe("pinned versions", () => {
    it("are the same Pulumi in the workflows and in the sandbox", () => {
        const [, sandbox] = /const PULUMI = "v([^"]+)"/.exec(read("sandbox/toolchain/toolsets.ts")) ?? [];
        for (const workflow of ["pull-request", "deploy", "drift"]) {
            const { jobs } = parse(read(`.github/workflows/${workflow}.yml`)) as {
                jobs: Record<string, { steps?: { with?: Record<string, unknown> }[] }>;
            };
            const used = Object.values(jobs).flatMap(({ steps }) => steps?.flatMap((step) => step.with?.["pulumi-version"] ?? []) ?? []);
            expect([...new Set(used)], workflow).to.deep.equal([sandbox]);
        }
    });
});
