import { expect } from "chai";
import { StackFileError } from "../../../components/stack-file/yaml";
import { rawConfig } from "../../../scripts/stack-config/raw-config";

const PROJECT = `
name: ml-platform
config:
    gcp:region:
        value: us-central1
    environment:
        description: what it is for
        default: dev
    images:
        default:
            from: build
    undeclared:
        description: no default
`;

describe("rawConfig", () => {
    it("uses the project's defaults for values that the stack file omits", () => {
        expect(rawConfig(PROJECT, "config:\n  gcp:project: p\n  ml-platform:images:\n    from: release\n", "f")).to.deep.equal({
            "gcp:region": "us-central1",
            "gcp:project": "p",
            "ml-platform:environment": "dev",
            "ml-platform:images": { from: "release" },
        });
    });

    it("reads an empty stack file, and refuses one that is not YAML", () => {
        expect(rawConfig("name: x\n", "", "f")).to.deep.equal({});
        expect(() => rawConfig(PROJECT, "config: [", "Pulumi.dev.yaml")).to.throw(StackFileError, /^Pulumi\.dev\.yaml is not valid YAML: /);
    });
});
