import { expect } from "chai";
import * as fc from "fast-check";
import * as fs from "node:fs";
import * as path from "node:path";
import { StackFileError } from "../../../components/stack-file/yaml";
import { CommandError } from "../../../scripts/command-line/run";
import type { Release } from "../../../scripts/promotion/release";
import { readImagesFrom, readRelease, writeRelease } from "../../../scripts/promotion/stack-file";

const digest = (letter: string): string => `registry.example/p/name@sha256:${letter.repeat(64)}`;

const release: Release = {
    images: { inference: digest("a"), training: digest("b") },
    builtFor: { variant: "gpu", platforms: ["linux/amd64"] },
    commit: "0123456",
    time: "2026-01-31T12:00:00Z",
    by: "ann@example.com",
};

const block = [
    `            inference: "${digest("a")}"`,
    `            training: "${digest("b")}"`,
    `            variant: gpu`,
    `            platforms:`,
    `                - linux/amd64`,
    `            commit: "0123456"`,
    `            time: "2026-01-31T12:00:00Z"`,
    `            by: "ann@example.com"`,
];

describe("writeRelease", () => {
    it("adds a release after the values that are there, and touches no other line", () => {
        const before = [
            "# production",
            "config:",
            "    gcp:project: p # ours",
            "    ml-platform:images:",
            "        # never builds",
            "        from: build # until now",
            "        channel: prod",
            "",
            "    # GPUs",
            "    ml-platform:cluster: {pools: [a,   b]}",
            "",
        ];
        const after = [
            ...before.slice(0, 5),
            "        from: release # until now",
            before[6],
            "        release:",
            ...block,
            ...before.slice(7),
        ];
        expect(writeRelease(before.join("\n"), release, "f")).to.equal(after.join("\n"));
    });

    it("replaces a release in place, and keeps comments", () => {
        const before = `config:\n    ml-platform:images:\n        release:\n            inference: old # served\n            commit: 1111111\n        from: release\n    b:c: 1\n`;
        const after = [
            "config:",
            "    ml-platform:images:",
            "        release:",
            `            inference: "${digest("a")}" # served`,
            `            commit: "0123456"`,
            `            training: "${digest("b")}"`,
            `            variant: gpu`,
            `            platforms:`,
            `                - linux/amd64`,
            `            time: "2026-01-31T12:00:00Z"`,
            `            by: "ann@example.com"`,
            "        from: release",
            "    b:c: 1",
            "",
        ];
        expect(writeRelease(before, release, "f")).to.equal(after.join("\n"));
    });

    it("removes an image that the release does not have", () => {
        const written = writeRelease(writeRelease("config: {}\n", release, "f"), { ...release, images: { training: digest("c") } }, "f");
        expect(readRelease(written, "f")?.images).to.deep.equal({ training: digest("c") });
    });

    it("writes any image, with its variant and platforms if they differ, and removes both again", () => {
        const kind = { variant: "cpu" as const, platforms: ["linux/amd64", "linux/arm64"] };
        const more: Release = {
            ...release,
            images: { ...release.images, ranking: digest("d") },
            builtFor: { variant: "gpu", platforms: ["linux/amd64"], others: { ranking: kind } },
        };
        const written = writeRelease("config: {}\n", more, "f");
        expect(readRelease(written, "f")).to.deep.equal(more);
        expect(written.split("\n")).to.include.members([
            `      ranking: "${digest("d")}"`,
            "      builtFor:",
            "        ranking:",
            "          variant: cpu",
        ]);
        expect(readRelease(writeRelease(written, release, "f"), "f")).to.deep.equal(release);
    });

    it("removes the variant of an earlier release that the new one does not have", () => {
        const { builtFor, ...unrecorded } = release;
        const written = writeRelease(writeRelease("config: {}\n", release, "f"), unrecorded, "f");
        expect(readRelease(written, "f")).to.deep.equal(unrecorded);
        expect(written).not.to.contain(builtFor?.variant);
    });

    it("returns the same text if repeated", () => {
        const once = writeRelease("config:\n  a:b: 1\n", release, "f");
        expect(writeRelease(once, release, "f")).to.equal(once);
    });

    it("adds images to an empty file, and to one without configuration", () => {
        for (const empty of ["", "# nothing yet\n", "config:\n", "config:\n    ml-platform:images:\n"]) {
            expect(readRelease(writeRelease(empty, release, "f"), "f")).to.deep.equal(release);
        }
    });

    it("changes only the images of each stack file of this project", () => {
        for (const file of fs.readdirSync(path.join(__dirname, "../../..")).filter((name) => /^Pulumi\..+\.yaml$/.test(name))) {
            const text = fs.readFileSync(path.join(__dirname, "../../..", file), "utf8");
            const before = new Set(text.split("\n"));
            const added = writeRelease(text, release, file)
                .split("\n")
                .filter((line) => !before.has(line));
            expect(
                added.filter(
                    (line) =>
                        !/^ +(from: release|release:|variant: gpu|platforms:|- linux\/amd64|(inference|training|commit|time|by): ".*")$/.test(
                            line,
                        ),
                ),
                file,
            ).to.deep.equal([]);
        }
    });

    it("names the position of invalid YAML", () => {
        expect(() => writeRelease("config:\n  a: [1\n", release, "Pulumi.prod.yaml")).to.throw(
            StackFileError,
            /^Pulumi\.prod\.yaml is not valid YAML: .* \(line 3, column 1\)$/,
        );
    });

    it("refuses a file with sections that are not maps", () => {
        expect(() => writeRelease("- 1\n", release, "f")).to.throw(StackFileError, "f is not a stack file: it is not a map.");
        expect(() => writeRelease("config:\n  ml-platform:images: build\n", release, "f")).to.throw(
            CommandError,
            "config.ml-platform:images must be a plain map",
        );
    });
});

/** Lines of a stack file outside the images section, and lines of that section outside the release. */
const comments = fc.constantFrom("", "# ours", "    # of what follows", "  ");
const other = fc.constantFrom(
    "    gcp:project: my-project   # ours",
    "    ml-platform:cluster: {pools: [a,   b], x: 014}",
    "    ml-platform:training:\n        a: &shared\n            b:   '1.10'\n        c: *shared",
    "    ml-platform:registry:\n      - not\n      -   indented",
    '    "ml-platform:build": "a # b"',
    "    ml-platform:inference: |\n        > from: build\n          > commit: x",
    "    x:date: 2026-01-31",
    "    x:number: 12345678901234567890",
);
const inImages = fc.constantFrom(
    "        channel:   prod # c",
    "        platforms: [linux/amd64,  linux/arm64]",
    "        baseImage: >-\n            a\n\n            b",
    "        # from: build",
);
const releaseLines = fc.constantFrom(
    [],
    ["        from: build   # until now"],
    ["        release:", "            # served", "            inference:   old   # served", "            commit: 1111111"],
    ["        from:   release", "        release: {inference: 'x',   commit: \"1\"} # e"],
    [
        "        release:",
        "            variant: cpu",
        "            platforms:",
        "              - linux/arm64",
        "            by: |",
        "                ann",
    ],
    ["        release: # none yet"],
    ["        release: ~"],
);
const stackTexts = fc
    .record({
        before: fc.array(fc.oneof(comments, other), { maxLength: 3 }),
        images: fc.option(fc.tuple(fc.array(inImages, { maxLength: 2 }), releaseLines, fc.array(inImages, { maxLength: 2 })), {
            nil: undefined,
        }),
        after: fc.array(fc.oneof(comments, other), { maxLength: 3 }),
        mark: fc.constantFrom("", "\ufeff"),
        newline: fc.constantFrom("\n", "\r\n"),
        ended: fc.boolean(),
    })
    .map(({ before, images, after, mark, newline, ended }) => {
        const unique = (lines: readonly string[]): string[] => [
            ...new Map(lines.map((line) => [/[\w:"]+:/.exec(line)?.[0] ?? line, line])).values(),
        ];
        const section = images === undefined ? [] : ["    ml-platform:images:", ...unique([...images[0], ...images[2]]), ...images[1]];
        const kept = unique([...before, ...after]);
        const at = Math.min(before.length, kept.length);
        return (
            mark +
            ["config:", ...kept.slice(0, at), ...section, ...kept.slice(at)].join("\n").split("\n").join(newline) +
            (ended ? newline : "")
        );
    });

describe("writeRelease, of any stack file", () => {
    /** Whether a promotion writes the line. */
    const isOfRelease = (line: string): boolean =>
        /^ +(ml-platform:images|from|release|inference|training|variant|platforms|commit|time|by):|^ +- linux\/|^ {16}ann/.test(line);

    it("does not change any other line by a byte", function () {
        this.timeout(120_000);
        let written = 0;
        fc.assert(
            fc.property(stackTexts, (text) => {
                let after: string;
                try {
                    after = writeRelease(text, release, "f");
                } catch (error) {
                    expect(error).to.satisfy((thrown: unknown) => thrown instanceof CommandError || thrown instanceof StackFileError);
                    return;
                }
                written += 1;
                const lines = (given: string): string[] => given.split("\n").filter((line) => !isOfRelease(line));
                const missing = (given: string): string =>
                    given.endsWith("\n") ? given : `${given}${given.includes("\r\n") ? "\r\n" : "\n"}`;
                expect(lines(missing(after))).to.deep.equal(lines(missing(text)));
                expect(after.startsWith("\ufeff")).to.equal(text.startsWith("\ufeff"));
                expect(readRelease(after, "f")).to.deep.equal(release);
                expect(writeRelease(after, release, "f")).to.equal(after);
            }),
            { numRuns: 25 },
        );
        expect(written).to.be.greaterThan(10);
    });
});

describe("readRelease", () => {
    it("reads the release that writeRelease wrote", () => {
        expect(readRelease(writeRelease("config: {}\n", release, "f"), "f")).to.deep.equal(release);
    });

    it("is undefined for a file without a release, and for a release without a commit", () => {
        expect(readRelease("", "f")).to.equal(undefined);
        expect(readRelease("config:\n  ml-platform:images:\n    release:\n      inference: x\n", "f")).to.equal(undefined);
    });
});

describe("readImagesFrom", () => {
    it("reads the value, or returns the default", () => {
        expect(readImagesFrom("config:\n  ml-platform:images:\n    from: release\n", "f")).to.equal("release");
        expect(readImagesFrom("config: {}\n", "f")).to.equal("build");
    });
});
