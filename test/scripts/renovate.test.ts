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
                    expect(version).to.match(/^(v?\d+\.\d+\.\d+|latest)$/);
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

    it("knows every tool of the sandbox", () => {
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
