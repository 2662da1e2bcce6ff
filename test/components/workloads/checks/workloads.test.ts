import { expect } from "chai";
import type { RawConfig } from "../../../../components/config/handed-over";
import { afterCommands } from "../../careless/pulumi-config";
import { sound } from "../../bad-stacks";
import { problemsOf } from "../../problems-of";
import { edited } from "../../stack-files";

/** A service with these requests on a node with one L4 and 4 vCPUs. */
function asking(request: Readonly<Record<string, string>>): RawConfig {
    const service = Object.entries(request).map(([field, value]) => [`ml-platform:inference.services[0].${field}`, value] as const);
    return edited(sound, {
        "ml-platform:cluster.pools[0].acceleratorCount": 1,
        "ml-platform:cluster.pools[0].machineType": "g2-standard-4",
        ...Object.fromEntries<string>(service),
    });
}

const remediesFor = (request: Readonly<Record<string, string>>): readonly string[] =>
    problemsOf(asking(request)).map(({ remedy }) => remedy);

const command = (key: string, value: string) => `pulumi config set --path 'ml-platform:${key}' ${value}`;
const either = (machine: string, field: string, smaller: string) =>
    `For a larger machine: ${command("cluster.pools[0].machineType", machine)}; or for a smaller request: ${command(`inference.services[0].${field}`, smaller)}`;

describe("a pod that is too large for its nodes", () => {
    it("fits if it requests exactly the allocatable resources", () => {
        expect(remediesFor({ cpu: "3170m", memory: "8Gi" })).to.deep.equal([]);
    });

    it("gets a remedy with the smallest machine that fits, to the last thousandth of a core", () => {
        expect(remediesFor({ cpu: "3171m", memory: "8Gi" })).to.deep.equal([either("g2-standard-8", "cpu", "3170m")]);
        expect(remediesFor({ cpu: "7160m", memory: "8Gi" })).to.deep.equal([either("g2-standard-8", "cpu", "3170m")]);
        expect(remediesFor({ cpu: "7161m", memory: "8Gi" })).to.deep.equal([either("g2-standard-12", "cpu", "3170m")]);
    });

    it("gets a remedy with a machine that has both the CPU and the memory", () => {
        expect(remediesFor({ cpu: "2", memory: "14Gi" })).to.deep.equal([either("g2-standard-8", "memory", "12261Mi")]);
        expect(remediesFor({ cpu: "7160m", memory: "40Gi" })).to.deep.equal([
            either("g2-standard-12", "cpu", "3170m"),
            either("g2-standard-12", "memory", "12261Mi"),
        ]);
    });

    it("gets a remedy with a larger disk or less storage", () => {
        expect(remediesFor({ ephemeralStorage: "200Gi" })).to.deep.equal([
            `For a larger disk: ${command("cluster.pools[0].diskSizeGb", "500")}; or for a smaller request: ${command("inference.services[0].ephemeralStorage", "44822Mi")}`,
        ]);
    });

    it("gets a remedy with a larger disk or a smaller cache if the cache does not fit", () => {
        const raw = edited(asking({}), { "ml-platform:inference.services[0].model": { bucket: "models", cache: "80Gi" } });
        const [problem] = problemsOf(raw);
        expect(problem).to.deep.equal({
            key: "ml-platform:inference.services[0].model.cache",
            problem:
                "a pod requests 86Gi of ephemeral storage, 85Gi of it for the Cloud Storage FUSE sidecar, but a boot disk of 100 GB (pool serving) leaves 44822Mi to pods",
            remedy: `For a larger disk: ${command("cluster.pools[0].diskSizeGb", "200")}; or for a smaller request: ${command("inference.services[0].model.cache", "38678Mi")}`,
        });
        for (const way of problem?.remedy.match(/pulumi config set [^;]+/g) ?? []) {
            expect(problemsOf(afterCommands(raw, way))).to.deep.equal([]);
        }
        expect(problemsOf(edited(raw, { "ml-platform:cluster.pools[0].localSsds": 1 }))).to.deep.equal([]);
    });

    it("gets a remedy with only a larger disk if not even the sidecar fits", () => {
        const raw = edited(asking({}), {
            "ml-platform:inference.services[0].model": { bucket: "models" },
            "ml-platform:cluster.pools[0].diskSizeGb": 15,
        });
        expect(problemsOf(raw).map(({ remedy }) => remedy)).to.deep.equal([command("cluster.pools[0].diskSizeGb", "50")]);
    });

    it("fits after either way, for each resource", () => {
        for (const request of [{ cpu: "3171m" }, { memory: "14Gi" }, { ephemeralStorage: "200Gi" }]) {
            const raw = asking(request);
            const [remedy = ""] = problemsOf(raw).map((problem) => problem.remedy);
            const commands = remedy.match(/pulumi config set [^;]+/g) ?? [];
            expect(commands).to.have.length(2);
            expect(commands.map((way) => problemsOf(afterCommands(raw, way)))).to.deep.equal([[], []]);
        }
    });
});
