import { expect } from "chai";
import { CommandError } from "../../../scripts/command-line/run";
import { yamlDocument } from "../../../scripts/stack-config/yaml-document";

describe("yamlDocument", () => {
    it("keeps comments and layout", () => {
        const text = "config: # ours\n    a: [1,   2]\n";
        expect(yamlDocument(text, "f").toJS()).to.deep.equal({ config: { a: [1, 2] } });
        expect(yamlDocument(text, "f").toString()).to.contain("# ours");
    });

    it("refuses what is not YAML, in one line that says where", () => {
        for (const [text, where] of [
            ["config: [\n", /^Pulumi\.dev\.yaml is not valid YAML: .* \(line 2, column 1\)$/],
            ["config:\n  a: 1\n  a: 2\n", /^Pulumi\.dev\.yaml is not valid YAML: Map keys must be unique \(line 3, column 3\)$/],
            ["config: *nowhere\n", /^Pulumi\.dev\.yaml is not valid YAML: Unresolved alias .*: nowhere$/],
        ] as const)
            expect(() => yamlDocument(text, "Pulumi.dev.yaml")).to.throw(CommandError, where);
    });
});
