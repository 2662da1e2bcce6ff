import { expect } from "chai";
import { parseConfig } from "../../../components/config/load";
import { sound } from "../bad-stacks";
import { problemsOf } from "../problems-of";
import { edited } from "../stack-files";

/** Keys and problems of a section with a list of runs. */
const problems = (runs: unknown, more: Readonly<Record<string, unknown>> = {}) =>
    problemsOf(edited(sound, { "ml-platform:training.runId": undefined, "ml-platform:training.runs": runs, ...more })).map(
        ({ key, problem }) => `${key} ${problem}`,
    );

describe("checks of a list of runs", () => {
    it("accept two runs with different settings", () => {
        expect(problems([{ id: "first" }, { id: "second", args: ["--epochs", "2"], memory: "20Gi" }])).to.deep.equal([]);
    });

    it("name the run and its field", () => {
        expect(problems([{ id: "first" }, { id: "second", memory: "1Gi", graceSeconds: 60, pool: "batc" }])).to.deep.equal([
            "ml-platform:training.runs[1].pool the cluster has no pool batc; the nearest is batch",
            "ml-platform:training.runs[1].memory 1Gi is less than sharedMemory 8Gi and workingSet 6Gi together, 14Gi",
        ]);
    });

    it("refuse an unknown field of a run, with the one that is meant", () => {
        expect(problems([{ id: "first", sharedmemory: "1Gi" }])).to.deep.equal([
            "ml-platform:training.runs[0].sharedmemory is not a known key; the nearest is sharedMemory",
        ]);
    });

    it("refuse two runs with one ID, an ID in addition to the list, and a section without a run", () => {
        expect(problems([{ id: "first" }, { id: "first" }])).to.deep.equal([
            "ml-platform:training.runs[1].id first is the id of another run",
        ]);
        expect(problems([{ id: "first" }], { "ml-platform:training.runId": "second" })).to.deep.equal([
            "ml-platform:training.runId is set together with runs, where each run has its own id",
        ]);
        expect(problems(undefined)).to.deep.equal(["ml-platform:training.runId is missing: the section names no run"]);
    });

    it("refuse two runs on a disk for one node", () => {
        const checkpoints = { claim: "runs", size: "10Gi" };
        expect(problems([{ id: "first" }, { id: "second" }], { "ml-platform:training.checkpoints": checkpoints })).to.deep.equal([
            "ml-platform:training.runs[1].checkpoints claim runs is a disk for one node at a time, and run first uses it too",
        ]);
        const own = { claim: "second", size: "10Gi" };
        expect(
            problems([{ id: "first" }, { id: "second", checkpoints: own }], { "ml-platform:training.checkpoints": checkpoints }),
        ).to.deep.equal([]);
    });

    const checkpoints = { bucket: "own" };
    const nothing = { "ml-platform:training.pool": undefined, "ml-platform:training.checkpoints": undefined };

    it("accept a section without a pool and checkpoints if each run has its own", () => {
        const runs = [
            { id: "first", pool: "batch", checkpoints },
            { id: "second", pool: "serving", checkpoints: { claim: "second" } },
        ];
        expect(problems(runs, nothing)).to.deep.equal([]);
        const { training } = parseConfig(
            edited(sound, { ...nothing, "ml-platform:training.runId": undefined, "ml-platform:training.runs": runs }),
            "dev",
        );
        expect(training?.runs.map(({ pool, checkpoints: kept }) => [pool, kept])).to.deep.equal(
            runs.map(({ pool, checkpoints: kept }) => [pool, kept]),
        );
    });

    it("refuse each run without a pool or checkpoints, in addition to other problems", () => {
        expect(
            problems(
                [
                    { id: "first", pool: "batch", checkpoints },
                    { id: "second", gpus: "two" },
                    { id: "third", checkpoints },
                ],
                nothing,
            ),
        ).to.deep.equal([
            'ml-platform:training.runs[1].gpus must be a number, not "two"',
            "ml-platform:training.runs[1].pool is missing",
            "ml-platform:training.runs[2].pool is missing",
            "ml-platform:training.runs[1].checkpoints is missing",
        ]);
        expect(problems([{ id: "first", checkpoints }], { "ml-platform:training.pool": undefined })).to.deep.equal([
            "ml-platform:training.runs[0].pool is missing",
        ]);
    });

    it("correct a misspelled field", () => {
        const { checkpoints: kept } = sound["ml-platform:training"] as { checkpoints: unknown };
        expect(
            problems([{ id: "first" }], { "ml-platform:training.checkpoints": undefined, "ml-platform:training.chekpoints": kept }),
        ).to.deep.equal(["ml-platform:training.chekpoints is not a known key; the nearest is checkpoints"]);
        expect(problems([{ id: "first", pol: "batch" }], { "ml-platform:training.pool": undefined })).to.deep.equal([
            "ml-platform:training.runs[0].pol is not a known key; the nearest is pool",
        ]);
        expect(problems([{ id: "first" }], { ...nothing, "ml-platform:training.nmespace": "runs" })).to.deep.equal([
            "ml-platform:training.nmespace is not a known key; the nearest is namespace",
            "ml-platform:training.runs[0].pool is missing",
            "ml-platform:training.runs[0].checkpoints is missing",
        ]);
    });

    it("require the section's checkpoints for TensorBoard", () => {
        const runs = [{ id: "first", checkpoints }];
        const more = { "ml-platform:training.tensorboard": true, "ml-platform:training.checkpoints": undefined };
        expect(problems(runs, more)).to.deep.equal(["ml-platform:training.checkpoints is missing"]);
        expect(problems(runs, { ...more, "ml-platform:training.checkpoints": { bucket: "logs" } })).to.deep.equal([]);
    });

    it("refuse a section that is not an object, and runs that are not a list", () => {
        expect(problemsOf({ ...sound, "ml-platform:training": "runs" }).map(({ problem }) => problem)).to.deep.equal([
            'must be an object, not "runs"',
        ]);
        expect(problems("first", nothing)).to.deep.equal([
            'ml-platform:training.runs must be a list, not "first"',
            "ml-platform:training.pool is missing",
            "ml-platform:training.checkpoints is missing",
        ]);
    });

    it("count all runs for the number of nodes of a pool", () => {
        expect(problems(["a", "b", "c"].map((id) => ({ id, nodes: 2 })))[0]).to.match(
            /^ml-platform:cluster\.pools\[1\]\.maxNodes \d is too few: /,
        );
    });
});
