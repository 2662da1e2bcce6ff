import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { RawConfig } from "../components/config/handed-over";
import { edited, stackFile } from "./components/stack-files";
import { outputs } from "./components/recorded";
import { runProgram } from "./components/run-program";

const digest = `sha256:${"d".repeat(64)}`;

/** Runs the program against mocks; gives its outputs, and the types and names of what it declared. */
async function run(stack: string, config: RawConfig) {
    const made: string[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs }) => {
                const declared = { type, name, inputs: inputs as Record<string, unknown> };
                made.push(`${type} ${name}`);
                return { id: `${name}-id`, state: { name, ...declared.inputs, ...outputs(declared) } };
            },
            call: ({ inputs }) => ({ ...(inputs as object), sha256Digest: digest }),
        },
        "ml-platform",
        stack,
    );
    return { exported: await runProgram(config), made };
}

describe("index.ts", () => {
    it("brings up every part of the sandbox stack", async () => {
        const { exported, made } = await run("sandbox", stackFile("sandbox"));
        expect(exported).to.have.all.keys(
            "registryUri",
            "cacheUri",
            "buildAccount",
            "images",
            "imagesBuiltFor",
            "clusterName",
            "kubeconfig",
            "services",
            "trainingRun",
        );
        expect(exported.images).to.deep.equal({
            inference: `registry.example/ml-images/inference@${digest}`,
            training: `registry.example/ml-images/training@${digest}`,
        });
        expect(exported.imagesBuiltFor).to.deep.equal({ variant: "cpu", platforms: ["linux/amd64"] });
        expect(exported.services).to.have.property("digits").that.includes({ namespace: "inference", deployment: "digits" });
        expect(exported.trainingRun).to.include({ namespace: "training", job: "training-first", runId: "first" });
        expect(made).to.include.members([
            "gcp:artifactregistry/repository:Repository registry",
            "gcp:cloudbuild/trigger:Trigger build",
            "docker-build:index:Image inference",
            "gcp:container/cluster:Cluster cluster",
            "gcp:container/nodePool:NodePool cluster-training",
            "kubernetes:apps/v1:Deployment digits",
            "kubernetes:batch/v1:Job training-first",
        ]);
        // The first run loads every package of the program, which a busy machine does not do within the default time.
    }).timeout(30_000);

    it("builds nothing in prod: it takes the images that were promoted", async () => {
        const release = (image: string) => `registry.example/ml-images/${image}@${digest}`;
        const promoted = edited(stackFile("prod"), {
            "ml-platform:images.release": { inference: release("inference"), training: release("training"), variant: "gpu" },
        });
        const { exported, made } = await run("prod", promoted);
        expect(exported.images).to.deep.equal({ inference: release("inference"), training: release("training") });
        expect(made.filter((resource) => resource.startsWith("docker-build:"))).to.deep.equal([]);
    });

    it("makes only the sections that the stack file has", async () => {
        const { exported, made } = await run("registry", {
            "gcp:project": "my-project",
            "gcp:region": "us-central1",
            "ml-platform:environment": "dev",
            "ml-platform:registry": { repository: "ml-images" },
        });
        // The engine warns of an output without a value.
        expect(exported).to.have.all.keys("registryUri", "cacheUri", "services");
        expect(exported.registryUri).to.equal("registry.example/ml-images");
        expect(made.filter((resource) => !resource.includes("registry"))).to.deep.equal([]);
    });

    it("stops before any resource where the configuration is wrong", async () => {
        const error = await run("sandbox", edited(stackFile("sandbox"), { "ml-platform:training.pool": "nowhere" })).then(
            () => undefined,
            (reason: unknown) => reason,
        );
        expect(String(error)).to.include("ml-platform:training.pool");
    });
});
