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
    /** Every edge that the rule forbids, between two files that exist. */
    const planted: readonly (readonly [string, string])[] = [
        ["gke/zones.ts", "../components/workloads/kubeconfig"],
        ["gke/zones.ts", "../k8s/gpu"],
        ["gke/zones.ts", "../sandbox/home"],
        ["gke/zones.ts", "../bootstrap/settings"],
        ["k8s/gpu.ts", "../bootstrap/settings"],
        ["components/cluster/network/network.ts", "../../../bootstrap/settings"],
        ["index.ts", "./bootstrap/settings"],
        ["sandbox/main.ts", "../bootstrap/settings"],
        ["policy/rule.ts", "../bootstrap/settings"],
        ["bootstrap/settings.ts", "../components/workloads/kubeconfig"],
        ["bootstrap/settings.ts", "../k8s/gpu"],
        ["bootstrap/settings.ts", "../sandbox/home"],
        ["bootstrap/settings.ts", "../policy/rule"],
        ["bootstrap/settings.ts", "../scripts/stacks"],
        ["bootstrap/settings.ts", "../index"],
        ["gke/zones.ts", "../policy/rule"],
        ["gke/zones.ts", "../scripts/stacks"],
        ["gke/zones.ts", "../index"],
        ["k8s/gpu.ts", "../components/workloads/kubeconfig"],
        ["k8s/gpu.ts", "../sandbox/home"],
        ["k8s/gpu.ts", "../policy/rule"],
        ["k8s/gpu.ts", "../scripts/stacks"],
        ["k8s/gpu.ts", "../index"],
        ["components/cluster/network/network.ts", "../gpu-cluster"],
        ["components/training/training-job.ts", "../workloads/workload-namespace"],
        ["components/training/training-job.ts", "./tensorboard"],
        ["components/cluster/network/network.ts", "../../../index"],
        ["components/cluster/network/network.ts", "../../../sandbox/home"],
        ["components/cluster/network/network.ts", "../../../policy/rule"],
        ["components/cluster/network/network.ts", "../../../scripts/stacks"],
        ["components/cluster/network/network.ts", "../../plugin/offers/all"],
        ["components/cluster/pools/checks.ts", "../../plugin/offers/all"],
        ["components/cluster/pools/checks.ts", "../../images/checks"],
        ["components/training/checks.ts", "../inference/checks"],
        ["components/registry/checks.ts", "../images/released-images"],
        ["components/config/problem.ts", "../project/names"],
        ["components/config/fields.ts", "../workloads/stack-label"],
        ["components/config/load.ts", "../cluster/checks"],
        ["components/config/remedies/meaning.ts", "../../cluster/checks"],
        ["components/project/names.ts", "../workloads/stack-label"],
        ["components/workloads/placement/placement.ts", "../../cluster/pools/node-pools"],
        ["components/plugin/cross-checks.ts", "../../k8s/gpu"],
        ["components/plugin/cross-checks.ts", "../../index"],
        ["components/plugin/cross-checks.ts", "../../sandbox/home"],
        ["components/plugin/cross-checks.ts", "../../policy/rule"],
        ["components/plugin/cross-checks.ts", "../../scripts/stacks"],
        ["index.ts", "./components/plugin/offers/all"],
        ["index.ts", "./k8s/gpu"],
        ["index.ts", "./sandbox/home"],
        ["index.ts", "./policy/rule"],
        ["index.ts", "./scripts/stacks"],
        ["sandbox/main.ts", "../components/workloads/kubeconfig"],
        ["sandbox/main.ts", "../k8s/gpu"],
        ["sandbox/main.ts", "../policy/rule"],
        ["sandbox/main.ts", "../scripts/stacks"],
        ["sandbox/main.ts", "../index"],
        ["sandbox/main.ts", "../test/readme.test"],
        ["sandbox/registry/buildctl.ts", "../../scripts/stacks"],
        ["sandbox/registry/buildctl.ts", "../../test/readme.test"],
        ["scripts/stacks.ts", "../sandbox/home"],
        ["scripts/build/buildx.ts", "../../sandbox/registry/buildctl"],
        ["policy/rule.ts", "../components/workloads/kubeconfig"],
        ["policy/rule.ts", "../sandbox/home"],
        ["policy/rule.ts", "../scripts/stacks"],
        ["policy/rule.ts", "../index"],
    ];
    for (const [file, from] of planted) {
        it(`do not lead from ${file} to ${from}`, async () => {
            expect(await broken(file, `export { x } from "${from}";\n`)).to.deep.equal([DIRECTION]);
            expect(await broken(file, `import { x } from "${from}";\nexport const y = x;\n`)).to.deep.equal([DIRECTION]);
        });
    }

    const allowed: readonly (readonly [string, string])[] = [
        ["index.ts", "./components/cluster/network/network"],
        ["components/cluster/gpu-cluster.ts", "../workloads/kubeconfig"],
        ["components/cluster/network/network.ts", "../../../k8s/gpu"],
        ["components/config/load.ts", "../cluster/config"],
        ["components/config/checks.ts", "../cluster/checks"],
        ["components/config/sections.ts", "../training/run-workload"],
        ["components/training/checks.ts", "../cluster/pools/config"],
        ["components/workloads/placement/placement.ts", "../../project/names"],
        ["components/plugin/offers/network.ts", "../../cluster/network/network"],
        ["components/plugin/offers/network.ts", "../offer"],
        ["k8s/training.ts", "./gpu"],
        ["k8s/gpu.ts", "../gke/gpu-machines"],
        ["components/cluster/pools/checks.ts", "../../../gke/zones"],
        ["sandbox/cloud/locations.ts", "../../gke/zones"],
        ["sandbox/test/registry/buildctl.test.ts", "../../../test/readme.test"],
        ["scripts/build/buildx.ts", "../../components/config/load"],
        ["policy/pods.ts", "../gke/zones"],
        ["policy/pods.ts", "../k8s/secrets/looks-secret"],
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
        expect(await broken("components/cluster/network/network.ts", "export const x: any = 1;\n")).to.deep.equal([
            "@typescript-eslint/no-explicit-any",
        ]);
        expect(await broken("components/cluster/network/network.ts", "export const x: unknown = 1;\n")).to.deep.equal([]);
    });

    it("refuse default exports", async () => {
        expect(await broken("components/cluster/network/network.ts", "export default 1;\n")).to.deep.equal(["import-x/no-default-export"]);
        expect(await broken("components/cluster/network/network.ts", "export const x = 1;\n")).to.deep.equal([]);
    });
});
