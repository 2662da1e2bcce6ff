import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { RawConfig } from "../components/config/handed-over";
import { edited, stackFile } from "./components/stack-files";
import { outputs } from "./components/recorded";
import { runProgram } from "./components/run-program";

const digest = `sha256:${"d".repeat(64)}`;

interface Declared {
    readonly type: string;
    readonly name: string;
    readonly inputs: Record<string, unknown>;
}

/** Runs the program against mocks; returns its outputs, and the types and names of its resources. */
async function run(stack: string, config: RawConfig) {
    const made: string[] = [];
    const declarations: Declared[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs }) => {
                const declared = { type, name, inputs: inputs as Record<string, unknown> };
                made.push(`${type} ${name}`);
                declarations.push(declared);
                return { id: `${name}-id`, state: { name, ...declared.inputs, ...outputs(declared) } };
            },
            call: ({ inputs }) => ({ ...(inputs as object), sha256Digest: digest }),
        },
        "ml-platform",
        stack,
    );
    return { exported: await runProgram(config), made, declarations };
}

describe("index.ts", () => {
    it("creates every part of the sandbox stack", async () => {
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
            "trainingRuns",
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
        // The first run loads every package of the program, which takes longer than the default time on a busy machine.
    }).timeout(30_000);

    it("builds nothing in prod, and uses the promoted images", async () => {
        const release = (image: string) => `us-central1-docker.pkg.dev/my-organization-ml-dev/ml-images/${image}@${digest}`;
        const promoted = edited(stackFile("prod"), {
            "ml-platform:images.release": { inference: release("inference"), training: release("training"), variant: "gpu" },
        });
        const { exported, made } = await run("prod", promoted);
        expect(exported.images).to.deep.equal({ inference: release("inference"), training: release("training") });
        expect(made.filter((resource) => resource.startsWith("docker-build:"))).to.deep.equal([]);
    });

    it("creates workers next to the services, and builds their image", async () => {
        const without = await run("sandbox", stackFile("sandbox"));
        const workers = { workers: [{ name: "digits", pool: "inference", cpu: "100m", memory: "256Mi", gpus: 1 }] };
        const { exported, made } = await run(
            "sandbox",
            edited(stackFile("sandbox"), { "ml-platform:workers": workers, "ml-platform:cluster.pools[0].maxNodes": 9 }),
        );
        expect(without.exported).to.not.have.property("workers");
        expect(exported.workers).to.deep.equal({ digits: { namespace: "workers", deployment: "digits" } });
        expect(exported.images).to.have.all.keys("inference", "training", "worker");
        // The service has the same name.
        expect(made.filter((resource) => resource === "kubernetes:apps/v1:Deployment digits")).to.have.length(2);
        expect(made).to.include.members(["ml-platform:index:Worker digits", "ml-platform:index:WorkloadNamespace workers"]);
    });

    it("creates queues only if configured", async () => {
        const without = await run("sandbox", stackFile("sandbox"));
        expect(without.made.filter((resource) => /queue|kueue|helm/i.test(resource))).to.deep.equal([]);
        const { made } = await run("sandbox", edited(stackFile("sandbox"), { "ml-platform:cluster.queues": true }));
        expect(made).to.include.members(without.made);
        expect(made.filter((resource) => !without.made.includes(resource)).sort()).to.deep.equal([
            "kubernetes:helm.sh/v3:Release queues-kueue",
            "kubernetes:kueue.x-k8s.io/v1beta2:ClusterQueue queues-all-pools",
            "kubernetes:kueue.x-k8s.io/v1beta2:LocalQueue training-queue",
            "kubernetes:kueue.x-k8s.io/v1beta2:ResourceFlavor queues-flavor-inference",
            "kubernetes:kueue.x-k8s.io/v1beta2:ResourceFlavor queues-flavor-training",
            "kubernetes:kueue.x-k8s.io/v1beta2:WorkloadPriorityClass queues-priority-high",
            "kubernetes:kueue.x-k8s.io/v1beta2:WorkloadPriorityClass queues-priority-low",
            "kubernetes:kueue.x-k8s.io/v1beta2:WorkloadPriorityClass queues-priority-normal",
            "ml-platform:index:Queues queues",
        ]);
    });

    it("gives pods an image of Docker Hub through the stack's proxy, and releases it under its own name", async () => {
        const use = `vllm/vllm-openai@${digest}`;
        const { exported, made, declarations } = await run(
            "sandbox",
            edited(stackFile("sandbox"), {
                "ml-platform:registry.dockerHubProxy": true,
                "ml-platform:images.vllm": { use },
                "ml-platform:inference.services[0].image": "vllm",
            }),
        );
        expect(exported.images).to.include({ vllm: use });
        const deployment = declarations.find(({ type }) => type === "kubernetes:apps/v1:Deployment");
        expect(JSON.stringify(deployment?.inputs)).to.include(`"image":"registry.example/ml-images-virtual/${use}"`);
        expect(made).to.include.members([
            "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember cluster-nodes-docker-hub-pull",
            "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember cluster-nodes-virtual-pull",
        ]);
    });

    it("creates only the sections in the stack file", async () => {
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

    it("stops before any resource if the configuration is invalid", async () => {
        const error = await run("sandbox", edited(stackFile("sandbox"), { "ml-platform:training.pool": "nowhere" })).then(
            () => undefined,
            (reason: unknown) => reason,
        );
        expect(String(error)).to.include("ml-platform:training.pool");
    });
});
