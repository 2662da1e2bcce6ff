import { expect } from "chai";
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { environmentSchema } from "../../../components/project/config";

interface Field {
    readonly description: string;
    readonly default: unknown;
}

/** The parts of the project file that repeat the schema of `environment`. */
interface ProjectFile {
    readonly config: { readonly environment: Field };
    readonly template: { readonly config: { readonly "ml-platform:environment": Field } };
}

/** `a, b or c`. */
const listed = (names: readonly string[]): string => `${names.slice(0, -1).join(", ")} or ${names.at(-1) ?? ""}`;

describe("the environment in Pulumi.yaml", () => {
    const file = parse(readFileSync(path.join(__dirname, "..", "..", "..", "Pulumi.yaml"), "utf8")) as ProjectFile;
    const declared = file.config.environment;
    const asked = file.template.config["ml-platform:environment"];
    const [purpose = "", ...effects] = (environmentSchema.description ?? "").split(". ");
    const environments = listed(environmentSchema.options);

    it("is described as in the schema, with all values", () => {
        expect(declared.description).to.equal(`${purpose}: ${environments}. ${effects.join(". ")}`);
    });

    it("is described to `pulumi new` by its purpose and all values", () => {
        expect(asked.description).to.equal(`${purpose} (${environments})`);
    });

    it("has one default, which the schema accepts", () => {
        expect(asked.default).to.equal(declared.default);
        expect(environmentSchema.parse(declared.default)).to.equal("dev");
    });
});
