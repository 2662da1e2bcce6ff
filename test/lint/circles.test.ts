import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";

const ROOT = path.join(__dirname, "..", "..");

/** The imports of a module, of values and of types, as they are written. */
const IMPORTS = /(?:\bfrom|\bimport|\brequire\()\s*\(?"(\.[^"]*)"/g;

/** Each module with the modules that it imports. */
type Graph = ReadonlyMap<string, readonly string[]>;

/** Reads the graph of some modules. Packages and other files are not in it. */
function graphOf(modules: ReadonlyMap<string, string>): Graph {
    const imported = (module: string, specifier: string): string[] => {
        const file = path.posix.join(path.posix.dirname(module), specifier);
        return [`${file}.ts`, `${file}/index.ts`, file].filter((name) => modules.has(name)).slice(0, 1);
    };
    return new Map(
        Array.from(modules, ([module, text]) => [
            module,
            [...text.matchAll(IMPORTS)].flatMap(([, specifier = ""]) => imported(module, specifier)),
        ]),
    );
}

/** The circles of a graph that a depth-first search closes. An empty list means that the graph has none. */
function circlesOf(graph: Graph): readonly string[] {
    const finished = new Set<string>();
    const circles: string[] = [];
    const visit = (module: string, importers: readonly string[]): void => {
        const start = importers.indexOf(module);
        if (start >= 0) {
            circles.push([...importers.slice(start), module].join(" → "));
        } else if (!finished.has(module)) {
            graph.get(module)?.forEach((next) => visit(next, [...importers, module]));
            finished.add(module);
        }
    };
    for (const module of graph.keys()) {
        visit(module, []);
    }
    return circles;
}

// The rule import-x/no-cycle skips imports of types and takes ten seconds.
describe("imports", () => {
    it("form no circles", () => {
        const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
            cwd: ROOT,
            encoding: "utf8",
        })
            .split("\n")
            .filter((file) => file !== "" && existsSync(path.join(ROOT, file)));
        const graph = graphOf(new Map(files.map((file) => [file, readFileSync(path.join(ROOT, file), "utf8")])));
        expect(graph.get("components/config/rule.ts")).to.include("components/config/stack.ts");
        expect(circlesOf(graph)).to.deep.equal([]);
    });

    it("are reported if they form a circle, also of types and through a folder", () => {
        const modules = {
            "a/start.ts": 'import { one } from "./one";\nimport { two } from "../b/two";\n',
            "a/one.ts": 'import type { Two } from "../b/two";\n',
            "b/two.ts": 'export { three } from "./three";\nimport "node:fs";\n',
            "b/three/index.ts": 'const one = await import("../../a/one");\n',
            "b/self.ts": 'import type { Self } from "./self";\n',
        };
        expect(circlesOf(graphOf(new Map(Object.entries(modules))))).to.deep.equal([
            "a/one.ts → b/two.ts → b/three/index.ts → a/one.ts",
            "b/self.ts → b/self.ts",
        ]);
    });
});
