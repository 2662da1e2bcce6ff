import { expect } from "chai";
import { DIGITS } from "./digits";
import type { Container } from "./engine/container";
import { HARDENED } from "./hardening";
import { shared } from "./hooks";
import { startRedis } from "./redis";

/** A client that only knows the broker's address. It queues each image as the body of a task, and prints the results. */
const CLIENT = `
import json, os, sys
from celery import Celery
client = Celery("client", broker=os.environ["BROKER_URL"], backend=os.environ["BROKER_URL"])
pending = [client.send_task("predict", [{"image": image}], queue="predictions") for image in json.loads(sys.argv[1])]
def answer(result):
    try:
        return result.get(timeout=30)
    except Exception as problem:
        return {"error": str(problem)}
print(json.dumps([answer(result) for result in pending]))
`;

describe("the worker image", () => {
    let redis: Container;
    let worker: Container;

    before(async () => {
        const { engine, images } = shared();
        const started = await startRedis();
        redis = started.container;
        const { ref } = await images.get("worker");
        worker = await engine.start(ref, [...HARDENED, "--env", `BROKER_URL=redis://127.0.0.1:${started.port}/0`]);
    });

    after(async () => {
        await worker.remove();
        await redis.remove();
    });

    it("answers tasks from Redis, and continues after an invalid image", async () => {
        const images = [[1, 2, 3], ...DIGITS.map(({ image }) => image)];
        const [bad, ...answers] = JSON.parse(await worker.exec("python3", "-c", CLIENT, JSON.stringify(images))) as {
            digit?: number;
            error?: string;
        }[];
        expect(bad?.error).to.contain("image has 3 entries");
        expect(answers.filter(({ digit }, number) => digit === DIGITS[number]?.digit).length).to.be.at.least(19);
    });

    it("runs one process, and its health check succeeds", async () => {
        expect((await shared().engine.docker("top", worker.id, "-o", "pid")).trim().split("\n")).to.have.lengthOf(2);
        await worker.exec("python3", "-m", "consumer.health");
    });

    it("exits with 0 on SIGTERM", async () => {
        await worker.signal("TERM");
        expect(await worker.ended()).to.equal(0);
    });

    it("exits with one line that names the missing variable if it has no broker", async () => {
        const { engine, images } = shared();
        const container = await engine.start((await images.get("worker")).ref, HARDENED);
        expect(await container.ended()).to.equal(1);
        expect((await container.logs()).err).to.match(/^error: BROKER_URL must be set .*\n$/);
        await container.remove();
    });
});
