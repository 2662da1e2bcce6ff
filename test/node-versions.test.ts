import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import manifest from "../package.json";
import lts from "./node-lts/package.json";
import { workflow, workflowFiles } from "./scripts/workflow-files";

const ROOT = path.join(__dirname, "..");
const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), "utf8");

describe("Node's versions", () => {
    const [, major = "", minor = ""] = /^>=(\d+)\.(\d+)$/.exec(manifest.engines.node) ?? [];
    const [supported = ""] = Object.values(lts.optionalDependencies)[0]?.split(".") ?? [];

    it("are the same in package.json, before the packages are installed, and in README.md", () => {
        expect(read("scripts/with-dependencies.cjs")).to.contain(`const LEAST_NODE = [${major}, ${minor}];`);
        expect(read("README.md")).to.contain(`Node ≥ ${major}.${minor}`);
    });

    it("are of one long-term support release in the workflows, the sandbox's image, and the tests", () => {
        const used = workflowFiles().flatMap((file) =>
            Object.values(workflow(file).jobs).flatMap(({ steps = [] }) => steps.flatMap((step) => step.with?.["node-version"] ?? [])),
        );
        expect(new Set(used.map(String))).to.deep.equal(new Set([supported]));
        expect(read("sandbox/container/Dockerfile")).to.match(new RegExp(`^FROM node:${supported}[.-]`, "m"));
        expect(new Set(Object.values(lts.optionalDependencies)).size).to.equal(1);
    });

    it("are supported by the packages of the program", () => {
        const { packages } = JSON.parse(read("package-lock.json")) as {
            packages: Readonly<Record<string, { readonly dev?: boolean; readonly engines?: { readonly node?: string } }>>;
        };
        const refused = Object.entries(packages).flatMap(([name, { dev, engines }]) => {
            const range = engines?.node;
            return dev === true || range === undefined || takes(range, Number(major), Number(minor)) ? [] : [`${name}: ${range}`];
        });
        expect(refused).to.deep.equal([]);
    });
});

/** Whether a version range of a package includes a major and minor version. */
function takes(range: string, major: number, minor: number): boolean {
    return range.split("||").some((part) =>
        part
            .trim()
            .split(/\s+(?=[<>=^~])|\s*,\s*/)
            .every((comparator) => {
                const [, operator = "", most = "0", less = "0"] =
                    /^\s*(>=|>|<=|<|\^|~)?\s*v?(\d+|\*|x)(?:\.(\d+|x|\*))?/.exec(comparator) ?? [];
                if (!/\d/.test(most)) {
                    return true;
                }
                const difference = major - Number(most) || (/\d/.test(less) ? minor - Number(less) : 0);
                if (operator === ">=" || operator === ">") {
                    return difference >= 0;
                }
                if (operator === "<" || operator === "<=") {
                    return difference < 0;
                }
                return major === Number(most) && difference >= 0;
            }),
    );
}
