import { expect } from "chai";
import { StackFileError } from "../../../components/stack-file/yaml";
import { deployableStacks } from "../../../scripts/promotion/deployable-stacks";
import { Repository } from "../repository";

const images = (value: unknown): string => `config:\n    ml-platform:images: ${JSON.stringify(value)}\n`;

describe("deployableStacks", () => {
    it("omits the sandbox, and stacks that take a release before their first promotion", () => {
        const repository = new Repository();
        repository.write({
            "Pulumi.yaml": "name: ml-platform\n",
            "Pulumi.sandbox.yaml": "config: {}\n",
            "Pulumi.dev.yaml": images({ from: "build" }),
            "Pulumi.empty.yaml": "",
            "Pulumi.prod.yaml": images({ from: "release", channel: "prod" }),
            "Pulumi.prod-eu.yaml": images({ from: "release", release: null }),
            "Pulumi.staging.yaml": images({ from: "release", release: { commit: "0123456" } }),
        });
        expect(deployableStacks(repository.folder)).to.deep.equal({
            ready: ["dev", "empty", "staging"],
            awaitingPromotion: ["prod", "prod-eu"],
        });
    });

    it("includes a release that cannot be read, because its preview reports the problem", () => {
        const repository = new Repository();
        repository.write({ "Pulumi.prod.yaml": images({ from: "release", release: "v1.2.3" }) });
        expect(deployableStacks(repository.folder)).to.deep.equal({ ready: ["prod"], awaitingPromotion: [] });
    });

    it("fails at a file that is not YAML", () => {
        const repository = new Repository();
        repository.write({ "Pulumi.dev.yaml": "config: [\n" });
        expect(() => deployableStacks(repository.folder)).to.throw(StackFileError, /^Pulumi\.dev\.yaml is not valid YAML/);
    });
});
