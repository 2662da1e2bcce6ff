import { expect } from "chai";
import { readFileSync } from "node:fs";
import { policies } from "../../../policy/rules/all";
import { analyze, analyzeStack, type Violation } from "../analyze";
import { REMEDIES } from "../remedies";
import { GOOD, UNKNOWN, changed, leaves } from "../resources";
import { GOOD_STACK, PLANTED, PLANTED_STACKS } from "../violations";

const rules = policies(true);

describe("policy rules", () => {
    for (const [kind, resource] of Object.entries(GOOD)) {
        it(`accept a valid ${kind}`, async () => {
            expect(await analyze(resource)).to.deep.equal([]);
        });
    }

    it("accept a valid stack", async () => {
        expect(await analyzeStack(GOOD_STACK)).to.deep.equal([]);
    });

    for (const { what, resource, broken } of PLANTED) {
        it(`catch ${what} (${Object.keys(broken).join(", ")})`, async () => {
            expectBroken(await analyze(resource), broken);
        });
    }

    for (const { what, resources, broken } of PLANTED_STACKS) {
        it(`catch ${what} (${Object.keys(broken).join(", ")})`, async () => {
            expectBroken(await analyzeStack(resources), broken);
        });
    }

    it("are each violated by at least one of these", () => {
        const broken = [...PLANTED, ...PLANTED_STACKS].flatMap((planted) => Object.keys(planted.broken));
        expect([...new Set(broken)].sort()).to.deep.equal(rules.map(({ name }) => name).sort());
    });

    it("ignore resources of others", async () => {
        expect(
            await analyze({ type: "aws:s3/bucket:Bucket", name: "logs", protect: false, props: { spec: { hostNetwork: true } } }),
        ).to.deep.equal([]);
    });

    it("print the problem, then the remedy, word for word", async () => {
        expect(Object.fromEntries(rules.map(({ name, remediationSteps }) => [name, remediationSteps]))).to.deep.equal(REMEDIES);
        for (const { resource } of PLANTED) {
            for (const { rule, message } of await analyze(resource)) {
                expect(message.endsWith(` ${REMEDIES[rule] ?? "?"}`), message).to.equal(true);
            }
        }
    });

    it("are in the documentation, word for word", () => {
        const rows = [...readFileSync("docs/reference/policy.md", "utf8").matchAll(/^\| `(\S+)` +\| (.*?) +\|$/gm)].map(
            ([, name, description]) => ({
                name,
                description,
            }),
        );
        expect(rows).to.deep.equal(rules.map(({ name, description }) => ({ name, description })));
    });
});

describe("policy rules with unknown values", () => {
    for (const [kind, resource] of Object.entries(GOOD)) {
        it(`accept a valid ${kind}, whichever value is unknown`, async () => {
            for (const path of leaves(resource.props)) {
                expect(await analyze(changed(resource, path, UNKNOWN)), path.join(".")).to.deep.equal([]);
            }
        });
    }

    it("accept a valid stack, whichever value is unknown", async () => {
        for (const [index, resource] of GOOD_STACK.entries()) {
            for (const path of leaves(resource.props)) {
                const stack = GOOD_STACK.with(index, changed(resource, path, UNKNOWN));
                expect(await analyzeStack(stack), `${resource.name}.${path.join(".")}`).to.deep.equal([]);
            }
        }
    });

    it("accept an image with an empty digest during preview", async () => {
        const image = ["spec", "template", "spec", "containers", 0, "image"];
        expect(await analyze(changed(GOOD.deployment, image, "registry.test/ml/inference@"))).to.deep.equal([]);
    });

    it("accept an unknown pod", async () => {
        expect(await analyze(changed(GOOD.deployment, ["spec"], UNKNOWN))).to.deep.equal([]);
    });

    it("check a container next to one with an image that is not built yet", async () => {
        const unbuilt = changed(GOOD.deployment, ["spec", "template", "spec", "initContainers", 0, "image"], UNKNOWN);
        const violations = await analyze(changed(unbuilt, ["spec", "template", "spec", "containers", 0, "image"], "a:1"));
        expect(violations.map(({ rule }) => rule)).to.deep.equal(["image-by-digest"]);
    });
});

function expectBroken(violations: readonly Violation[], broken: Readonly<Record<string, string>>): void {
    expect([...new Set(violations.map(({ rule }) => rule))].sort()).to.deep.equal(Object.keys(broken).sort());
    for (const { rule, message } of violations) {
        expect(message).to.include(broken[rule]);
    }
}
