import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import type { RawConfig } from "../components/config/handed-over";
import { outputs } from "./components/recorded";
import { problemsOf } from "./components/problems-of";
import { runProgram } from "./components/run-program";
import * as pulumi from "@pulumi/pulumi";

const FOLDER = path.join(__dirname, "..", "examples");
const read = (file: string): RawConfig => (parse(readFileSync(path.join(FOLDER, file), "utf8")) as { config: RawConfig }).config;

/** The resources that each example deploys, in addition to the cluster. */
const EXPECTED: Readonly<
    Record<
        string,
        {
            readonly images: readonly string[];
            readonly services: readonly string[];
            readonly workers?: readonly string[];
            readonly runs: readonly string[];
        }
    >
> = {
    "celery.yaml": { images: ["worker"], services: [], workers: ["digits"], runs: [] },
    "fine-tuning.yaml": { images: ["fine-tuning"], services: [], runs: ["fine-tune-1", "sweep-a", "hotfix"] },
    "full-pool.yaml": { images: ["inference", "training"], services: ["predict"], runs: [] },
    "partitioned-gpus.yaml": { images: ["inference", "ranking"], services: ["ranking", "predict"], runs: [] },
    "triton.yaml": { images: ["triton"], services: ["triton"], runs: [] },
    "vllm.yaml": { images: ["vllm"], services: ["small", "large"], runs: [] },
};

describe("examples", function () {
    this.timeout(60_000);

    it("are all tested here", () => {
        expect(
            readdirSync(FOLDER)
                .filter((file) => file.endsWith(".yaml"))
                .toSorted(),
        ).to.deep.equal(Object.keys(EXPECTED));
    });

    for (const [file, expected] of Object.entries(EXPECTED)) {
        it(`${file} is accepted, and deploys its workloads`, async () => {
            expect(problemsOf(read(file))).to.deep.equal([]);
            await pulumi.runtime.setMocks(
                {
                    newResource: ({ type, name, inputs }) => {
                        const declared = { type, name, inputs: inputs as Record<string, unknown> };
                        return { id: `${name}-id`, state: { name, ...declared.inputs, ...outputs(declared) } };
                    },
                    call: ({ inputs }) => inputs as object,
                },
                "ml-platform",
                "dev",
            );
            const exported = await runProgram(read(file));
            expect(Object.keys(exported.images as object)).to.deep.equal(expected.images);
            expect(Object.keys(exported.services as object)).to.deep.equal(expected.services);
            expect(Object.keys(exported.workers ?? {})).to.deep.equal(expected.workers ?? []);
            expect(Object.keys(exported.trainingRuns ?? {})).to.deep.equal(expected.runs);
        });
    }
});
