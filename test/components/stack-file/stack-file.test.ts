import { expect } from "chai";
import { handedOver, stackConfig } from "../../../components/stack-file/stack-file";
import { StackFileError } from "../../../components/stack-file/yaml";

describe("stackConfig", () => {
    it("is the program's input: full keys, objects as objects, and all other values as text", () => {
        const text = `images: {}\nconfig:\n  gcp:project: 0123\n  images: '{"from": "release"}'\n  ml-platform:config:environment: prod\n  ml-platform:cluster:\n`;
        expect(stackConfig(text, "f")).to.deep.equal({
            "gcp:project": "83",
            "ml-platform:images": { from: "release" },
            "ml-platform:environment": "prod",
            "ml-platform:cluster": "",
        });
    });
});

describe("handedOver", () => {
    it("keeps the digits of an integer, and returns objects as JSON", () => {
        expect(handedOver("config:\n  a:b: 12345678901234567890\n  a:c: [1.10, 0x10, yes, ~]\n", "f")).to.deep.equal({
            "a:b": "12345678901234567890",
            "a:c": '[1.1,16,"yes",null]',
        });
    });

    it("puts a key without a namespace into the project's namespace", () => {
        expect(handedOver("config:\n  b: c\n", "f", "vision")).to.deep.equal({ "vision:b": "c" });
    });

    for (const [what, text, message] of [
        ["a list", "- a\n", "f is not a stack file: it is not a map."],
        ["a configuration that is a list", "config: [a]\n", "f is not a stack file: config is not a map."],
        [
            "a key of too many parts",
            "config:\n  a:b:c: d\n",
            "f has the key a:b:c, which is not a Pulumi configuration key: it must be <namespace>:<name>.",
        ],
        ["two spellings of a key", "config:\n  a:b: 1\n  a:config:b: 2\n", "f sets a:b twice, in two spellings of the key: remove one."],
    ] as const) {
        it(`refuses ${what}`, () => {
            expect(() => handedOver(text, "f")).to.throw(StackFileError, message);
        });
    }
});
