import path from "node:path";
import { expect } from "chai";
import { ESLint } from "eslint";
import tseslint from "typescript-eslint";

const root = path.join(__dirname, "..", "..");

// The rules under test need no types; without them the lint of one text takes milliseconds.
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

/** Rules that a text breaks when it stands in a file of the project. */
async function broken(file: string, text: string): Promise<string[]> {
    const [result] = await eslint.lintText(text, { filePath: path.join(root, file) });
    return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const DIRECTION = "import-x/no-restricted-paths";

describe("the directions of imports", () => {
    const planted: readonly (readonly [string, string])[] = [
        ["gke/zones.ts", "../components/kubeconfig"],
        ["gke/zones.ts", "../k8s/gpu"],
        ["gke/zones.ts", "../sandbox/home"],
        ["k8s/gpu.ts", "../components/kubeconfig"],
        ["k8s/gpu.ts", "../index"],
        ["components/network.ts", "./gpu-cluster"],
        ["components/training-job.ts", "./workload-namespace"],
        ["components/network.ts", "../index"],
        ["components/network.ts", "../sandbox/home"],
        ["components/network.ts", "./plugin/offers"],
        ["components/checks/pools.ts", "../plugin/offers"],
        ["components/plugin/rooms.ts", "../../k8s/gpu"],
        ["components/plugin/rooms.ts", "../../index"],
        ["index.ts", "./components/plugin/offers"],
        ["index.ts", "./k8s/gpu"],
        ["sandbox/main.ts", "../components/kubeconfig"],
        ["sandbox/main.ts", "../k8s/gpu"],
    ];
    for (const [file, from] of planted) {
        it(`do not lead from ${file} to ${from}`, async () => {
            expect(await broken(file, `export { x } from "${from}";\n`)).to.deep.equal([DIRECTION]);
            expect(await broken(file, `import { x } from "${from}";\nexport const y = x;\n`)).to.deep.equal([DIRECTION]);
        });
    }

    const allowed: readonly (readonly [string, string])[] = [
        ["index.ts", "./components/network"],
        ["components/network.ts", "./kubeconfig"],
        ["components/network.ts", "../k8s/gpu"],
        ["components/plugin/offers/network.ts", "../../network"],
        ["components/plugin/offers/network.ts", "../offer"],
        ["k8s/training.ts", "./gpu"],
        ["k8s/gpu.ts", "../gke/gpu-machines"],
        ["components/checks/pools.ts", "../../gke/zones"],
        ["sandbox/cloud/locations.ts", "../../gke/zones"],
    ];
    for (const [file, from] of allowed) {
        it(`lead from ${file} to ${from}`, async () => {
            expect(await broken(file, `export { x } from "${from}";\n`)).to.deep.equal([]);
        });
    }

    it("let gke/ have no package at all", async () => {
        expect(await broken("gke/zones.ts", 'import type { types } from "@pulumi/gcp";\nexport type T = typeof types;\n')).to.deep.equal([
            "@typescript-eslint/no-restricted-imports",
        ]);
    });

    it("let k8s/ have the types of a package, and not the package", async () => {
        expect(
            await broken("k8s/gpu.ts", 'import type { types } from "@pulumi/kubernetes";\nexport type T = typeof types;\n'),
        ).to.deep.equal([]);
        expect(await broken("k8s/gpu.ts", 'import { types } from "@pulumi/kubernetes";\nexport const t = types;\n')).to.deep.equal([
            "@typescript-eslint/no-restricted-imports",
        ]);
    });
});

describe("the rules of the house", () => {
    it("refuse `any`", async () => {
        expect(await broken("components/network.ts", "export const x: any = 1;\n")).to.deep.equal(["@typescript-eslint/no-explicit-any"]);
        expect(await broken("components/network.ts", "export const x: unknown = 1;\n")).to.deep.equal([]);
    });

    it("refuse default exports", async () => {
        expect(await broken("components/network.ts", "export default 1;\n")).to.deep.equal(["import-x/no-default-export"]);
        expect(await broken("components/network.ts", "export const x = 1;\n")).to.deep.equal([]);
    });
});
