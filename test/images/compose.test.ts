import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Rendered, render } from "./compose-render";
import { GOOD } from "./digits";
import type { Container } from "./engine/container";
import { shared } from "./hooks";
import { ROOT, caBundle } from "./images";
import { startPostgres } from "./postgres";
import { startRedis } from "./redis";
import { call } from "./service";
import { reportOf } from "./training-run";

/** Volumes of the compose file. */
const VOLUMES = ["checkpoints", "config", "data", "models", "postgres"];

/** Beginning of the option of a volume. A folder of the host begins with a slash. */
const VOLUME = new RegExp(`^(${VOLUMES.join("|")}):`);

describe("docker/compose.yaml, rendered for `docker run`", () => {
    const services = render(path.join(ROOT, "docker/compose.yaml"));
    const started: Container[] = [];

    /** Compose adds its project's name to the names of volumes. A shared engine may have volumes of other projects. */
    const volumeName = (volume: string): string => `images-${shared().workshop.home.id}_${volume}`;

    const withOwnVolumes = (options: readonly string[]): readonly string[] =>
        options.map((option) => option.replace(VOLUME, (_, volume: string) => `${volumeName(volume)}:`));

    const service = (name: string): Rendered => {
        const found = services.get(name);
        if (found === undefined) {
            throw new Error(`no service ${name}`);
        }
        return found;
    };

    /** Starts a service from the image of its build section. */
    const start = async (name: string, more: readonly string[] = [], args: readonly string[] = []): Promise<Container> => {
        const { builder, engine } = shared();
        const { build, options, command } = service(name);
        if (build === undefined) {
            throw new Error(`${name} has no build`);
        }
        const built = await builder.build({
            name: `compose-${name}`,
            ...build,
            args: { SOURCE_DATE_EPOCH: "1700000000", ...build.args },
            secrets: { "ca-bundle": caBundle() },
        });
        const container = await engine.start(built.ref, [...withOwnVolumes(options), ...more], [...command, ...args]);
        started.push(container);
        return container;
    };

    after(async () => {
        for (const container of started.reverse()) {
            await container.remove();
        }
        const { engine } = shared();
        const left = (await engine.docker("volume", "ls", "--quiet")).split("\n");
        for (const volume of VOLUMES.map(volumeName).filter((name) => left.includes(name))) {
            await engine.docker("volume", "rm", volume);
        }
    });

    it("has the documented services, and publishes ports only on this machine", () => {
        expect([...services.keys()]).to.have.members([
            "train",
            "train-gpu",
            "tensorboard",
            "inference",
            "inference-gpu",
            "worker",
            "worker-gpu",
            "redis",
            "postgres",
        ]);
        expect([...services.values()].flatMap(({ ports }) => ports)).to.have.members([
            "127.0.0.1:6006:6006",
            "127.0.0.1:8000:8000",
            "127.0.0.1:8001:8000",
        ]);
        for (const [name, { options }] of services) {
            expect(options, name).to.include("--read-only");
            if (name !== "redis" && name !== "postgres") {
                expect(options, name).to.include.members(["ALL", "no-new-privileges:true", "1000:1000"]);
            }
        }
    });

    it("trains with 8 GB of shared memory, and its volume keeps the run", async () => {
        const container = await start("train", [], ["--epochs", "1"]);
        expect(await container.ended(), (await container.logs()).err).to.equal(0);
        const report = reportOf((await container.logs()).out);
        expect(report.shm_bytes).to.equal(8 * 2 ** 30);
        const again = await start("train", [], ["--epochs", "1"]);
        expect(await again.ended()).to.equal(0);
        expect(reportOf((await again.logs()).out).resumed_from_epoch).to.equal(1);
    });

    it("serves predictions", async () => {
        const port = await shared().workshop.ports.take("compose-inference");
        const container = await start("inference", ["--env", `PORT=${port}`]);
        await container.until("ready", async () => (await call(port, "GET", "/ready")).status === 200);
        expect((await call(port, "POST", "/predict", GOOD)).status).to.equal(200);
    });

    it("starts the worker after Redis is healthy", async () => {
        const { options, command, image } = service("redis");
        expect(image).to.match(/^redis:7\.4-alpine@sha256:[0-9a-f]{64}$/);
        const redis = await startRedis(command, [
            ...options.filter((_, at) => !options[at]?.includes("health") && !options[at - 1]?.includes("health")),
        ]);
        started.push(redis.container);
        expect(service("worker").dependsOn).to.deep.equal(["redis"]);
        const worker = await start("worker", ["--env", `BROKER_URL=redis://127.0.0.1:${redis.port}/0`]);
        await worker.until("connected", async () => (await worker.exec("python3", "-m", "consumer.health")) === "");
        await worker.signal("TERM");
        expect(await worker.ended()).to.equal(0);
    });

    it("starts PostgreSQL on a read-only file system, and its volume keeps the data", async () => {
        const { options, command, image } = service("postgres");
        expect(image).to.match(/^postgres:17-alpine@sha256:[0-9a-f]{64}$/);
        expect(command).to.deep.equal([]);
        const sql = (container: Container, statement: string): Promise<string> =>
            container.exec("psql", "--no-align", "--tuples-only", "--command", statement, "postgresql://ml:local@127.0.0.1/ml");
        const begin = async (): Promise<Container> => {
            const container = await startPostgres(withOwnVolumes(options));
            started.push(container);
            await container.healthy();
            return container;
        };
        const first = await begin();
        await sql(first, "CREATE TABLE jobs AS SELECT 'queued' AS status");
        await first.remove();
        expect((await sql(await begin(), "SELECT status FROM jobs")).trim()).to.equal("queued");
    });

    it("is rejected if it has a key without an option", () => {
        const file = path.join(shared().workshop.folder("compose"), "compose.yaml");
        fs.writeFileSync(file, "services: {one: {image: x, privileged: true}}\n");
        expect(() => render(file)).to.throw("no option of docker run for privileged");
    });
});
