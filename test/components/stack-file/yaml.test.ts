import { expect } from "chai";
import { readYaml, StackFileError } from "../../../components/stack-file/yaml";

const refusal = (text: string): string => {
    try {
        readYaml(text, "Pulumi.dev.yaml");
    } catch (error) {
        expect(error).to.be.instanceOf(StackFileError);
        return (error as Error).message.replace(/^Pulumi\.dev\.yaml is not valid YAML: /, "");
    }
    return "none";
};

describe("readYaml", () => {
    it("keeps the text and the place of every scalar", () => {
        const { document, value } = readYaml("config: # ours\n    a: 1.10\n", "f");
        expect(document.getIn(["config", "a"])).to.equal("1.10");
        expect(value).to.deep.equal(new Map([["config", new Map([["a", 1.1]])]]));
    });

    for (const [what, text, message] of [
        [
            "what is not YAML",
            "config: [\n",
            "Flow sequence in block collection must be sufficiently indented and end with a ] (line 2, column 1)",
        ],
        ["a key set twice", "a:\n  b: 1\n  b: 2\n", "Map keys must be unique (line 3, column 3)"],
        ["an alias of nothing", "a: *b\n", "Unresolved alias (the anchor must be set before the alias): b (line 1, column 4)"],
        ["an alias of itself", "a: &b [*b]\n", "the alias refers to a value that contains it (line 1, column 8)"],
        ["a key that is a number", "a:\n  1.10: b\n", "the key 1.10 is a number and not text: put it in quotes (line 2, column 3)"],
        ["a key that is true", "a: {TRUE: b}\n", "the key TRUE is true or false and not text: put it in quotes (line 1, column 5)"],
        ["a key that is a date", "2026-01-31: b\n", "the key 2026-01-31 is a date and not text: put it in quotes (line 1, column 1)"],
        ["a key that is empty", "~: b\n", "the key ~ is nothing and not text: put it in quotes (line 1, column 1)"],
        [
            "a number that JSON lacks",
            "a: .inf\n",
            ".inf is a number that Pulumi cannot pass to a program: put it in quotes (line 1, column 4)",
        ],
        ["a merge of text", "a: {<<: b}\n", "what << merges must be a map, or a list of maps (line 1, column 9)"],
        ["a tab", "a: b\n\t# c\n", "there is a tab before the first word of the line: use spaces (line 2, column 1)"],
        ["a directive", "%YAML 1.1\n---\na: b\n", "directives are not supported in a stack file: remove the line (line 1, column 1)"],
        [
            "a web address in brackets",
            "a: [http://b?c]\n",
            "http://b?c is read differently inside brackets and braces: put it in quotes, and a space after a colon (line 1, column 5)",
        ],
        [
            "half a character",
            'a: "\\ud83d\\ude00"\n',
            "it has an escape that the engine does not support: write the character itself (line 1, column 4)",
        ],
        [
            "a file of PowerShell's",
            "a: \ufffd\n",
            "the character U+FFFD is not allowed. Save the file as UTF-8, and write the character as an escape in double quotes (line 1, column 4)",
        ],
    ] as const) {
        it(`refuses ${what}, and names the line`, () => {
            expect(refusal(text)).to.equal(message);
        });
    }

    it("reads as many aliases as the engine does, and refuses exponential ones", () => {
        const levels = (count: number): string =>
            `a0: &a0 [${"x, ".repeat(9)}x]\n` +
            Array.from({ length: count }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(9)}x]\n`).join("");
        expect(refusal(levels(2))).to.equal("none");
        expect(refusal(levels(9))).to.match(/^its aliases expand to too many values \(line 1, column \d+\)$/);
    });

    it("refuses excessive nesting, without a stack trace", () => {
        expect(refusal(`a: ${"[".repeat(2_000)}`)).to.match(/^it is nested too deeply \(line 1, column \d+\)$/);
    });
});
