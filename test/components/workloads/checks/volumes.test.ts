import { expect } from "chai";
import { parseConfig } from "../../../../components/config/load";
import { sound } from "../../bad-stacks";
import { problemsOf } from "../../problems-of";
import { edited } from "../../stack-files";

const OF_SERVICE = "ml-platform:inference.services[0].volumes";
const OF_RUN = "ml-platform:training.volumes";

/** Problems of a stack with a service or run that has these volumes. */
const problemsWith = (volumes: readonly unknown[], field = OF_SERVICE) =>
    problemsOf(edited(sound, { [field]: volumes })).map(({ key, problem }) => [key, problem]);

const at = (...paths: readonly string[]) => paths.map((path) => ({ bucket: "files", path }));

describe("volumes of a workload", () => {
    it("are buckets and claims that exist, each on a path", () => {
        const volumes = [
            { bucket: "adapters", path: "/adapters", cache: "1Gi" },
            { claim: "index", path: "/mnt/index.v2", readOnly: false },
        ];
        expect(parseConfig(edited(sound, { [OF_SERVICE]: volumes }), "dev").inference?.services[0]?.volumes).to.deep.equal([
            { bucket: "adapters", path: "/adapters", cache: "1Gi", readOnly: true },
            { claim: "index", path: "/mnt/index.v2", readOnly: false },
        ]);
    });

    for (const [what, volume] of [
        ["without a path", { bucket: "files" }],
        ["without a bucket or a claim", { path: "/files" }],
        ["with both", { bucket: "files", claim: "files", path: "/files" }],
        ["that the stack would make", { claim: "files", size: "1Gi", path: "/files" }],
        ["on a relative path", { bucket: "files", path: "files" }],
        ["on the root", { bucket: "files", path: "/" }],
        ["on a path with a slash at its end", { bucket: "files", path: "/files/" }],
        ["on a path that leads elsewhere", { bucket: "files", path: "/files/../etc" }],
        ["on a path with a colon, which separates paths", { bucket: "files", path: "/a:b" }],
        ["with a word for readOnly", { bucket: "files", path: "/files", readOnly: "sometimes" }],
    ] as const) {
        it(`are refused ${what}, with one error`, () => {
            expect(problemsWith([volume])).to.have.length(1);
        });
    }

    it("overlap no folder of the system and of other fields", () => {
        for (const path of ["/tmp/files", "/dev/shm", "/secrets", "/usr/local/nvidia", "/var", "/model/adapters"]) {
            expect(
                problemsWith(at(path)).map(([key]) => key),
                path,
            ).to.deep.equal([`${OF_SERVICE}[0].path`]);
        }
        expect(problemsWith(at("/model/adapters"))).to.deep.equal([
            [`${OF_SERVICE}[0].path`, "/model/adapters overlaps /model, where model is mounted"],
        ]);
        expect(problemsWith(at("/checkpoints"), OF_RUN)).to.deep.equal([
            [`${OF_RUN}[0].path`, "/checkpoints overlaps /checkpoints, where checkpoints are mounted"],
        ]);
        expect(problemsWith(at("/data", "/checkpoints", "/models", "/temp"))).to.deep.equal([]);
        expect(problemsWith(at("/model"), OF_RUN)).to.deep.equal([]);
    });

    it("overlap no other volume", () => {
        expect(problemsWith(at("/files", "/files/more", "/others", "/file"))).to.deep.equal([
            [`${OF_SERVICE}[1].path`, "/files/more overlaps /files, where another volume is"],
        ]);
        expect(problemsWith(at("/files", "/files"))).to.have.length(1);
    });

    it("have a cache only if they are read-only", () => {
        const written = { bucket: "files", path: "/files", readOnly: false, cache: "1Gi" };
        expect(problemsOf(edited(sound, { [OF_SERVICE]: [written] }))).to.deep.equal([
            {
                key: `${OF_SERVICE}[0].cache`,
                problem: "is set, but pods write bucket files, and a cache hides what changes",
                remedy: `pulumi config rm --path '${OF_SERVICE}[0].cache'`,
            },
        ]);
    });

    it("count with the sidecar and all caches, and the error names the largest cache", () => {
        const volumes = [
            { bucket: "small", path: "/small", cache: "1Gi" },
            { bucket: "large", path: "/large", cache: "900Gi" },
        ];
        const [[key, problem] = []] = problemsWith(volumes);
        expect(key).to.equal(`${OF_SERVICE}[1].cache`);
        expect(problem).to.match(/^a pod requests 907Gi of ephemeral storage, 906Gi of it for the Cloud Storage FUSE sidecar, but /);
    });
});
