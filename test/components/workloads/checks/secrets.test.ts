import { expect } from "chai";
import { parseConfig } from "../../../../components/config/load";
import { sound } from "../../bad-stacks";
import { problemsOf } from "../../problems-of";
import { edited } from "../../stack-files";

const SECRETS = "ml-platform:inference.services[0].secrets";

/** Problems of a stack with a service that has these secrets. */
const problemsWith = (secrets: readonly unknown[], edits: Readonly<Record<string, unknown>> = {}) =>
    problemsOf(edited(sound, { [SECRETS]: secrets, ...edits })).map(({ key, problem }) => [key, problem]);

describe("secrets of a workload", () => {
    it("are Kubernetes Secrets, or versions in Secret Manager as files and variables", () => {
        const secrets = [
            "tracking",
            { secret: "hf-token", version: 3, file: "hf-token" },
            { secret: "b", version: "latest", variable: "B" },
        ];
        expect(parseConfig(edited(sound, { [SECRETS]: secrets }), "dev").inference?.services[0]?.secrets).to.deep.equal([
            "tracking",
            { secret: "hf-token", version: "3", file: "hf-token" },
            { secret: "b", version: "latest", variable: "B" },
        ]);
    });

    for (const [what, secret] of [
        ["without a version", { secret: "hf-token", file: "hf-token" }],
        ["without a place", { secret: "hf-token", version: 1 }],
        ["with two places", { secret: "hf-token", version: 1, file: "a", variable: "A" }],
        ["with its version in its name", { secret: "hf-token/versions/1", version: 1, file: "a" }],
        ["of one region", { secret: "projects/p/locations/l/secrets/s", version: 1, file: "a" }],
        ["with version 0", { secret: "hf-token", version: 0, file: "a" }],
        ["with an alias of a version", { secret: "hf-token", version: "prod", file: "a" }],
        ["as a file elsewhere", { secret: "hf-token", version: 1, file: "../a" }],
        ["as a hidden file, which the driver keeps for itself", { secret: "hf-token", version: 1, file: "..data" }],
        ["as no variable", { secret: "hf-token", version: 1, variable: "HF-TOKEN" }],
    ] as const) {
        it(`are refused ${what}, with one error`, () => {
            expect(problemsWith([secret])).to.have.length(1);
        });
    }

    it("have a file or a variable each", () => {
        const [file, variable] = [
            { secret: "a", version: 1, file: "a" },
            { secret: "a", version: 1, variable: "A" },
        ];
        expect(problemsWith([file, { ...file, secret: "b" }, variable, variable])).to.deep.equal([
            [`${SECRETS}[1].file`, "a is the file of another secret of the pod"],
            [`${SECRETS}[3].variable`, "A is the variable of another secret of the pod"],
        ]);
        expect(problemsWith([file, variable])).to.deep.equal([]);
    });

    it("override no variable of the stack or of the stack file", () => {
        const secrets = ["PORT", "LEVEL"].map((variable) => ({ secret: "a", version: 1, variable }));
        expect(problemsWith(secrets, { "ml-platform:inference.services[0].variables": { LEVEL: "debug" } })).to.deep.equal([
            [`${SECRETS}[0].variable`, "PORT is set by the stack, which takes it from port"],
            [`${SECRETS}[1].variable`, "LEVEL is also set in variables"],
        ]);
    });

    it("need a cluster that reads them", () => {
        const off = { "ml-platform:cluster.secretManager": false };
        expect(problemsWith([{ secret: "a", version: 1, file: "a" }], off)).to.deep.equal([
            ["ml-platform:cluster.secretManager", "is false, but service digits has secrets in Secret Manager"],
        ]);
        expect(problemsWith(["tracking"], off)).to.deep.equal([]);
    });
});
