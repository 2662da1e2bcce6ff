import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");

/** Lines of a source file: it holds one concept, and a shorter one belongs to the file of its concept or of its only user. */
const LINES = { least: 15, most: 250 };

/** Files of a folder, without its folders. */
const MOST_FILES = 12;

/** A file of the repository and its text. */
type Source = readonly [file: string, text: string];

/** Files that a command, an engine or a package manager starts, which only pass their arguments on. */
const isEntryPoint = (file: string): boolean => ["main.ts", "index.ts"].includes(path.basename(file)) || path.dirname(file) === "scripts";

const linesOf = (text: string): number => text.split("\n").length - 1;

/** What breaks the rules of files and folders. A short Python file can be a package's `__init__.py`, or one that starts a program. */
function broken(sources: readonly Source[]): readonly string[] {
    const files = sources.map(([file]) => file);
    const modules = sources.filter(([file]) => file.endsWith(".ts"));
    const long = sources.filter(([file, text]) => file.endsWith(".py") && linesOf(text) > LINES.most);
    const folders = new Set(files.map((file) => path.dirname(file)));
    const isFolder = (name: string): boolean => [...folders].some((folder) => folder === name || folder.startsWith(`${name}/`));
    return [
        ...modules.flatMap(([file, text]) => {
            const lines = linesOf(text);
            const isShort = lines < LINES.least && !isEntryPoint(file);
            return isShort || lines > LINES.most ? [`${file} has ${lines} lines`] : [];
        }),
        ...long.map(([file, text]) => `${file} has ${linesOf(text)} lines`),
        ...[...folders].flatMap((folder) => {
            const count = files.filter((file) => path.dirname(file) === folder).length;
            return count > MOST_FILES ? [`${folder}/ has ${count} files`] : [];
        }),
        ...modules.flatMap(([file]) => (isFolder(file.replace(/\.ts$/, "")) ? [`${file} is next to a folder of its name`] : [])),
    ];
}

describe("source files", () => {
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT, encoding: "utf8" })
        .split("\n")
        .filter((file) => file.includes("/") && !/(^|\/)tests?\/|^\.github\//.test(file) && existsSync(path.join(ROOT, file)));

    it("are of a size to read, in folders of a size to read", () => {
        expect(files.length).to.be.greaterThan(300);
        expect(
            broken(files.map((file) => [file, /\.(ts|py)$/.test(file) ? readFileSync(path.join(ROOT, file), "utf8") : ""])),
        ).to.deep.equal([]);
    });

    it("are reported where they are too short, too long, too many or named as a folder", () => {
        const lines = (count: number): string => "line\n".repeat(count);
        const filled = (folder: string, count: number): Source[] =>
            Array.from({ length: count }, (_, index) => [`${folder}/f${index}.ts`, lines(20)]);
        expect(
            broken([
                ["a/short.ts", lines(14)],
                ["a/least.ts", lines(15)],
                ["a/most.ts", lines(250)],
                ["a/long.ts", lines(251)],
                ["a/main.ts", lines(3)],
                ["a/data.json", lines(1)],
                ["a/__init__.py", lines(1)],
                ["a/long.py", lines(251)],
                ["scripts/command.ts", lines(4)],
                ["a/feature.ts", lines(20)],
                ["a/feature/part/one.ts", lines(20)],
                ...filled("full", 12),
                ...filled("over", 13),
            ]),
        ).to.deep.equal([
            "a/short.ts has 14 lines",
            "a/long.ts has 251 lines",
            "a/long.py has 251 lines",
            "over/ has 13 files",
            "a/feature.ts is next to a folder of its name",
        ]);
    });
});
