import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";

import {
    advise,
    choose,
    correct,
    inOrder,
    keyOf,
    oneOf,
    printable,
    printed,
    remedyText,
    remove,
    run,
    set,
    type Remedy,
} from "../../../components/config/problem";

/** The arguments that a shell passes to the commands of a pasted remedy. */
const pasted = (remedy: Remedy): readonly (readonly string[])[] =>
    execFileSync("sh", ["-c", `pulumi() { printf '%s\\0' "$@"; printf '\\036'; }; npm() { pulumi "$@"; }; ${remedyText(remedy)}`], {
        encoding: "utf8",
    })
        .split("\u001e")
        .slice(0, -1)
        .map((command) => command.split("\0").slice(0, -1));

const hostile = [
    "$(touch pwned)",
    "`touch pwned`",
    "'; touch pwned; '",
    "a && touch pwned",
    "x|y>z",
    "~",
    "=ls",
    '"',
    "\\",
    "",
    "-rf",
    "!1",
];

describe("a remedy", () => {
    it("passes any key and value to the CLI unchanged", () => {
        fc.assert(
            fc.property(fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "grapheme-ascii" })), (text) => {
                const remedy = set(keyOf("images", "buildArguments", text), text);
                fc.pre(!text.endsWith("\\"));
                const key = keyOf("images", "buildArguments", text);
                const type = /^(true|false|0|[-+]?[1-9]\d*)$/.test(text) ? ["--type", "string"] : [];
                const value = text.startsWith("-") ? ["--", text] : [text];
                expect(pasted(remedy)).to.deep.equal([["config", "set", "--path", ...type, key, ...value]]);
            }),
            { numRuns: 30, examples: hostile.map((text) => [text]) },
        );
    });

    it("names a section with an odd name so that the CLI reads it as one step", () => {
        expect([keyOf("cluster.pools"), keyOf('a"b', "c")]).to.deep.equal(['ml-platform:["cluster.pools"]', 'ml-platform:["a\\"b"].c']);
    });

    it("is advice if no command can name the key or the value", () => {
        const keys = ["a\nb", "a\\", "\u001b[2J", "x".repeat(10_000)].map((step) => keyOf("registry", step));
        expect(keys.map((key) => remedyText(remove(key)))).to.deep.equal(
            Array(4).fill("Remove it from the stack file: no command can name this key."),
        );
        expect(remedyText(set(keyOf("registry", "location"), "a\nb"))).to.equal("Edit the stack file: no command can name this value.");
    });

    it("is several commands, which stop at the first failure", () => {
        expect(remedyText(inOrder(remove("gcp:zone"), run("npm", "run", "promote", "--", "--to", "it's")))).to.equal(
            `pulumi config rm --path 'gcp:zone' && npm run promote -- --to 'it'\\''s'`,
        );
    });

    it("quotes characters that PowerShell would expand", () => {
        expect(remedyText(set("gcp:zone", "@zones"))).to.equal("pulumi config set --path 'gcp:zone' '@zones'");
        expect(remedyText(set("gcp:zone", "a@b"))).to.equal("pulumi config set --path 'gcp:zone' a@b");
    });

    it("sets the value if the intent is certain, and lists candidates otherwise", () => {
        expect(remedyText(correct("gcp:region", { value: "us-east1" }))).to.equal("pulumi config set --path 'gcp:region' us-east1");
        expect(remedyText(correct("gcp:region", { candidates: ["us-east1", "us-east4"] }))).to.equal("Choose one of: us-east1, us-east4.");
    });

    it("is advice if any part of it is advice", () => {
        expect(remedyText(inOrder(remove("gcp:zone"), advise("Ask your administrator")))).to.equal("Ask your administrator");
    });

    it("lists candidates, and gives the command for a single one", () => {
        expect(remedyText(choose("gcp:region", ["us-east1"]))).to.equal(
            "If us-east1 is what you meant: pulumi config set --path 'gcp:region' us-east1",
        );
        expect(remedyText(choose("gcp:region", ["us-east1", "us-east4"]))).to.equal("Choose one of: us-east1, us-east4.");
        const many = (count: number) => Array.from({ length: count }, (_, index) => index);
        expect(remedyText(choose("gcp:region", many(50)))).to.equal(`Choose one of: ${many(50).join(", ")}.`);
        expect(remedyText(choose("gcp:region", many(52)))).to.equal(`Choose one of: ${many(50).join(", ")} and 2 more.`);
    });

    it("lists alternatives with different costs, each with its command", () => {
        expect(remedyText(oneOf(["up to 6 nodes", set("gcp:zone", "b")], ["at least 4", remove("gcp:zone")]))).to.equal(
            "For up to 6 nodes: pulumi config set --path 'gcp:zone' b; or for at least 4: pulumi config rm --path 'gcp:zone'",
        );
    });
});

describe("printed problems", () => {
    const removal = (...path: readonly (string | number)[]) => {
        const key = keyOf("cluster", ...path);
        return { key, problem: "is wrong", remedy: remove(key) };
    };

    it("remove list elements from the last to the first, after all other commands", () => {
        const other = { key: "gcp:region", problem: "is wrong", remedy: set("gcp:region", "us-east1") };
        const problems = [removal("pools", 0, "zones", 2), removal("pools", 2), removal("pools", 10), removal("pools", 0), other];
        expect(printed(problems).map(({ key }) => key)).to.deep.equal([
            "gcp:region",
            "ml-platform:cluster.pools[10]",
            "ml-platform:cluster.pools[2]",
            "ml-platform:cluster.pools[0].zones[2]",
            "ml-platform:cluster.pools[0]",
        ]);
    });

    it("remove a list element once", () => {
        const element = removal("authorizedNetworks", 1);
        expect(printed([element, { ...element, problem: "is wrong twice" }]).map(({ remedy }) => remedy)).to.deep.equal([
            "pulumi config rm --path 'ml-platform:cluster.authorizedNetworks[1]'",
            "The command above fixes this too.",
        ]);
    });

    it("show control characters escaped, and a long value shortened", () => {
        const [problem] = printed([
            { key: keyOf("registry", "\u001b[2J"), problem: `must be true, not ${"y".repeat(5000)}`, remedy: advise("Say\nyes") },
        ]);
        expect(problem?.key).to.equal('ml-platform:registry["\\u{1b}[2J"]');
        expect(problem?.problem).to.match(/^must be true, not y{982}… \(5018 characters\)$/);
        expect(problem?.remedy).to.equal("Say\\u{a}yes");
    });
});

describe("printable", () => {
    it("does not change plain text of any script", () => {
        expect(printable("8 × nvidia-l4, größer, 日本")).to.equal("8 × nvidia-l4, größer, 日本");
    });

    it("escapes characters that a terminal acts on or hides", () => {
        expect(printable("a\u001b[2Jb\nc\u202ed\u200be\ud800f")).to.equal("a\\u{1b}[2Jb\\u{a}c\\u{202e}d\\u{200b}e\\u{d800}f");
    });

    it("shortens a long text and prints its length", () => {
        expect(printable("x".repeat(1_000_000), 5)).to.equal("xxxxx… (1000000 characters)");
    });
});
