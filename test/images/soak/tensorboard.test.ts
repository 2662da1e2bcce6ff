import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { render } from "../compose-render";
import { shared } from "../hooks";
import { ROOT, caBundle } from "../images";
import { call } from "../service";

describe("the training image with trackers", () => {
    it("trains with TensorBoard as the tracker, and its server shows the run", async () => {
        const { builder, engine, workshop } = shared();
        const service = render(path.join(ROOT, "docker/compose.yaml")).get("tensorboard");
        const { ref } = await builder.build({
            name: "training-trackers",
            ...(service?.build ?? { context: "" }),
            args: { TRACKERS: "all" },
            secrets: { "ca-bundle": caBundle() },
        });
        const volume = workshop.folder("logs");
        fs.chownSync(volume, 1000, 1000);
        const options = [
            "--read-only",
            "--tmpfs",
            "/tmp",
            "--shm-size",
            "8g",
            "--volume",
            `${volume}:/checkpoints`,
            "--env",
            "CHECKPOINT_DIR=/checkpoints",
        ];
        const train = await engine.start(ref, options, ["--epochs", "1", "--copies", "2", "--tracker", "tensorboard"]);
        expect(await train.ended(), (await train.logs()).err).to.equal(0);
        const port = await workshop.ports.take("tensorboard");
        const own = (service?.options ?? []).map((option) => option.replace(/^checkpoints:/, `${volume}:`));
        const server = await engine.start(ref, own, [...(service?.command ?? []).slice(0, -1), String(port)]);
        await server.until("serving", async () => (await call(port, "GET", "/data/runs")).body.includes("tensorboard"));
        await train.remove();
        await server.remove();
    });
});
