import { expect } from "chai";
import { isProduction, policies } from "../../policy/rules/all";

const config = (environment: string) => JSON.stringify({ "gcp:region": "us-central1", "ml-platform:environment": environment });

describe("isProduction", () => {
    for (const [what, env, expected] of [
        ["an environment of prod, whatever the name", { PULUMI_NODEJS_STACK: "europe", PULUMI_CONFIG: config("prod") }, true],
        ["another environment, whatever the name", { PULUMI_NODEJS_STACK: "prod", PULUMI_CONFIG: config("dev") }, false],
        ["a stack named prod that says nothing", { PULUMI_NODEJS_STACK: "prod", PULUMI_CONFIG: "{}" }, true],
        ["a stack of another name that says nothing", { PULUMI_NODEJS_STACK: "pr-123" }, false],
        ["nothing at all", {}, true],
    ] as const) {
        it(`is ${expected} for ${what}`, () => {
            expect(isProduction(env)).to.equal(expected);
        });
    }
});

describe("policies", () => {
    it("are mandatory in production, all of them", () => {
        expect(new Set(policies(true).map((rule) => rule.enforcementLevel))).to.deep.equal(new Set(["mandatory"]));
    });

    it("are advisory elsewhere, or disabled if they are for production only", () => {
        const levels = policies(false).map(({ name, enforcementLevel }) => `${name} ${enforcementLevel ?? ""}`);
        expect(levels.filter((level) => level.endsWith("disabled"))).to.deep.equal([
            "no-build-in-production disabled",
            "cluster-protected disabled",
            "registry-protected disabled",
            "build-approval disabled",
        ]);
        expect(levels.filter((level) => level.endsWith("advisory"))).to.have.length(levels.length - 4);
    });

    it("have unique names", () => {
        const names = policies(true).map(({ name }) => name);
        expect(new Set(names)).to.have.length(names.length);
    });
});
