import { expect } from "chai";
import type { Container } from "./engine/container";
import { HARDENED } from "./hardening";
import { shared } from "./hooks";
import { startRedis } from "./redis";
import { startService } from "./service";

describe("health checks", () => {
    const started: Container[] = [];

    before(async () => {
        const { engine, images } = shared();
        const redis = await startRedis();
        const { container: service } = await startService("healthy", (await images.get("inference")).ref);
        const broker = `BROKER_URL=redis://127.0.0.1:${redis.port}/0`;
        const worker = await engine.start((await images.get("worker")).ref, [...HARDENED, "--env", broker]);
        started.push(service, worker, redis.container);
    });

    after(async () => {
        for (const container of started) {
            await container.remove();
        }
    });

    // This test runs first, because the next one waits for half a minute.
    it("report unhealthy when the service does not answer", async () => {
        const { engine, images } = shared();
        const often = ["--health-interval", "1s", "--env", "HEALTH_TIMEOUT=1", "--env", "HEALTH_START_PERIOD=0"];
        const { container } = await startService("unhealthy", (await images.get("inference")).ref, often);
        await container.healthy();
        await engine.docker("kill", "--signal", "STOP", container.id);
        await container.until("unhealthy", async () => (await container.state()).Health?.Status === "unhealthy");
        await container.remove();
    });

    it("report service and worker as healthy at their interval of 30 seconds", async () => {
        const checked = started.slice(0, 2); // Redis has no health check of its own
        for (const container of checked) {
            await container.healthy();
        }
        const states = await Promise.all(checked.map((container) => container.state()));
        expect(states.map((state) => state.Health?.Status)).to.deep.equal(["healthy", "healthy"]);
    });
});
