import { expect } from "chai";
import { parse } from "yaml";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";

interface Example {
    readonly config: { readonly "ml-platform:inference": { readonly services: readonly [{ readonly variables: object }] } };
}

/**
 * Differences from the example: MLServer implements Triton's inference protocol and needs no GPU. The sandbox has no bucket to mount and no values of
 * Secret Manager.
 */
const IN_PLACE_OF_TRITON = {
    image: "mlserver",
    pool: "inference",
    command: ["mlserver", "start"],
    args: ["/models"],
    model: undefined,
    secrets: undefined,
    cpu: "500m",
    memory: "2Gi",
    autoscaling: undefined,
    replicas: 1,
};

/** MLServer's variables for the arguments of Triton, and folders that it can write to in a read-only image. */
const VARIABLES = {
    MLSERVER_HTTP_PORT: "8000",
    MLSERVER_PARALLEL_WORKERS: "0",
    MLSERVER_METRICS_DIR: "/tmp/metrics",
    MLSERVER_ENVIRONMENTS_DIR: "/tmp/environments",
};

describe("the service of examples/triton.yaml, with MLServer in place of Triton", function () {
    this.timeout(10 * 60_000);
    let clone: Clone;
    let restore: () => void;

    before(() => {
        ({ clone } = sandbox());
        const { config } = parse(clone.read("examples/triton.yaml")) as Example;
        const [triton] = config["ml-platform:inference"].services;
        restore = clone.configure({
            "images.mlserver": { context: "test/images/fixtures/mlserver" },
            "inference.services.1": { ...triton, ...IN_PLACE_OF_TRITON, variables: { ...triton.variables, ...VARIABLES } },
        });
    });

    after(async () => {
        restore();
        await clone.up();
    });

    it("becomes ready by the example's probes, and answers a request of the protocol", async () => {
        await clone.up();
        const { output } = await clone.npm("run", "--silent", "sandbox:status");
        const [, address = ""] = /inference\/triton +(http:\S+)/.exec(output) ?? [];
        expect((await fetch(`${address}/v2/health/live`)).status).to.equal(200);
        const input = { name: "x", shape: [2], datatype: "FP32", data: [1, 2] };
        const answer = await fetch(`${address}/v2/models/double/infer`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ inputs: [input] }),
        });
        const { outputs } = (await answer.json()) as { outputs: readonly { readonly data: readonly number[] }[] };
        expect(outputs.map(({ data }) => data)).to.deep.equal([[2, 4]]);
    });
});
