import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { sandbox } from "./hooks";
import { digest, registryContent } from "./registry";

interface Outputs {
    readonly registryUri: string;
    readonly images: { readonly inference: string; readonly training: string };
}

interface List<T> {
    readonly items: readonly T[];
}

interface Pod {
    readonly spec: { readonly nodeName: string; readonly containers: readonly { readonly image: string }[] };
    readonly status: {
        readonly phase: string;
        readonly containerStatuses: readonly {
            readonly state: { readonly terminated?: { readonly exitCode: number; readonly message?: string } };
        }[];
    };
}

interface Node {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: { readonly taints?: readonly { readonly key: string; readonly value: string; readonly effect: string }[] };
    readonly status: { readonly capacity: Readonly<Record<string, string>> };
}

const HELD_OUT = path.join(__dirname, "..", "..", "docker", "held-out-digits.json");
const TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };

describe("npm start", () => {
    const kubectl = <T>(...args: readonly string[]): Promise<T> => sandbox().clone.json<T>("kubectl", ...args, "--output", "json");
    const outputs = (): Promise<Outputs> => sandbox().clone.json<Outputs>("stack", "output", "--json");

    it("prints a summary: images, pods and nodes, addresses, simulated parts and next steps", () => {
        const { output } = sandbox().start;
        for (const heading of ["Images in the registry", "Pods", "Addresses", "Simulated, not real", "Try next"]) {
            expect(output).to.contain(`\n${heading}\n`);
        }
        expect(output).to.match(/inference +sha256:[0-9a-f]{64} +\d+ MB compressed/);
        expect(output).to.match(/training\/training-first-\w+ +Succeeded on gke-ml-cluster-training-/);
        expect(output).to.match(/"accuracy": ?0\.9\d/);
    });

    it("changes nothing when it runs again", async () => {
        const again = await sandbox().clone.npm("start");
        expect(again.code, again.output).to.equal(0);
        expect(again.output).to.match(/Resources:\n {4}\d+ unchanged\n/);
    });

    it("runs the service on a node of the GPU pool, with the digest in the registry", async () => {
        const { items } = await kubectl<List<Pod>>("get", "pods", "--namespace", "inference");
        const [pod] = items;
        if (pod === undefined) {
            throw new Error("no pod of the service");
        }
        const node = await kubectl<Node>("get", "node", pod.spec.nodeName);
        expect(node.metadata.labels["cloud.google.com/gke-accelerator"]).to.equal("nvidia-l4");
        expect(node.spec.taints).to.deep.include(TAINT);
        expect(node.status.capacity["nvidia.com/gpu"]).to.equal("1");

        const image = pod.spec.containers[0]?.image ?? "";
        expect(image).to.equal((await outputs()).images.inference);
        const [, registry = "", repository = "", served = ""] = /^([^/]+)\/(.+)@(.+)$/.exec(image) ?? [];
        expect(await digest(registry, repository, served)).to.equal(served);
    });

    it("answers /predict correctly for digits outside of the training data", async () => {
        const [, address = ""] = /inference\/digits +(http:\S+)/.exec(sandbox().start.output) ?? [];
        const heldOut = JSON.parse(fs.readFileSync(HELD_OUT, "utf8")) as readonly {
            digit: number;
            image: readonly (readonly number[])[];
        }[];
        const answers = await Promise.all(
            heldOut.map(async ({ digit, image }) => {
                const response = await fetch(`${address}/predict`, {
                    method: "POST",
                    body: JSON.stringify({ image }),
                    headers: { "content-type": "application/json" },
                });
                return { expected: digit, digit: ((await response.json()) as { digit: number }).digit };
            }),
        );
        const right = answers.filter(({ expected, digit }) => expected === digit);
        expect(right.length / answers.length).to.be.at.least(0.9);
    });

    it("trains: the Job is complete, and its pod reports its accuracy and 8 GiB of shared memory", async () => {
        const job = await kubectl<{ status: { conditions: readonly { type: string; status: string }[] } }>(
            "get",
            "job",
            "training-first",
            "--namespace",
            "training",
        );
        expect(job.status.conditions.find(({ type }) => type === "Complete")?.status).to.equal("True");
        const { items } = await kubectl<List<Pod>>("get", "pods", "--namespace", "training", "--selector", "job-name=training-first");
        const ended = items[0]?.status.containerStatuses[0]?.state.terminated;
        expect(ended?.exitCode).to.equal(0);
        const result = JSON.parse(ended?.message ?? "") as { accuracy: number; shm_bytes: number };
        expect(result.accuracy).to.be.within(0.93, 1);
        expect(result.shm_bytes).to.equal(8 * 2 ** 30);
    });

    it("enforces the restricted standard: a privileged pod is refused", async () => {
        const refused = await sandbox().clone.sandbox(
            "kubectl",
            "run",
            "intruder",
            "--namespace",
            "inference",
            "--image",
            "busybox",
            "--privileged",
        );
        expect(refused.code).to.equal(1);
        expect(refused.output).to.contain('pods "intruder" is forbidden: violates PodSecurity "restricted:latest"');
    });

    it("keeps a build cache for each image in the registry, apart from the images", async () => {
        const registry = (await outputs()).registryUri.split("/")[0] ?? "";
        const tags = Object.keys(await registryContent(registry));
        expect(tags.filter((tag) => tag.includes("/ml-images-cache/")).map((tag) => tag.split("/").at(-1)?.split(":")[0])).to.have.members([
            "inference",
            "training",
        ]);
    });
});
