import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { filesOf, writeFolder } from "../../scripts/new/folder";
import { contextsOf } from "../../scripts/new/kind";
import { service } from "../../scripts/new/service";
import { training } from "../../scripts/new/training";
import { worker } from "../../scripts/new/worker";
import type { Build } from "./engine/builder";
import { contents } from "./engine/registry-client";
import { HARDENED } from "./hardening";
import { shared } from "./hooks";
import { caBundle, ROOT } from "./images";
import { startRedis } from "./redis";
import { call, startService } from "./service";

const KINDS = { service, training, worker };

/** The stack's build of the image of a folder that `npm run new` wrote, with some files changed. */
function build(kind: keyof typeof KINDS, changed: Readonly<Record<string, string>> = {}): Build {
    const context = path.join(shared().workshop.folder("new"), "sentiment");
    writeFolder(context, { ...filesOf(KINDS[kind], "sentiment"), ...changed });
    return {
        name: `new-${kind}`,
        context,
        named: Object.fromEntries(Object.entries(contextsOf(KINDS[kind])).map(([name, folder]) => [name, path.join(ROOT, folder)])),
        args: { SOURCE_DATE_EPOCH: "1700000000" },
        secrets: { "ca-bundle": caBundle() },
    };
}

/** A client that queues tasks. */
const CLIENT = `
import json, os
from celery import Celery
client = Celery("client", broker=os.environ["BROKER_URL"], backend=os.environ["BROKER_URL"])
print(json.dumps(client.send_task("predict", [{"values": [1, 2]}], queue="sentiment").get(timeout=30)))
`;

describe("the output of npm run new", () => {
    it("is a service that answers, refuses invalid bodies, reports healthy and drains", async () => {
        const built = await shared().builder.build(build("service"));
        const { container, port } = await startService("new-service", built.ref, ["--health-interval", "1s"]);
        const answer = await call(port, "POST", "/predict", JSON.stringify({ values: [1, 2] }));
        expect([answer.status, JSON.parse(answer.body)]).to.deep.equal([200, { score: 2 }]);
        expect((await call(port, "POST", "/predict", "{}")).status).to.equal(400);
        await container.healthy();
        await container.signal("TERM");
        expect(await container.ended()).to.equal(0);
        await container.remove();
    });

    it("adds its files and the packages of requirements.txt to the image, without tests and keys", async () => {
        const changed = { "requirements.txt": "six==1.17.0\n", "words.py": "", "notes.key": "secret" };
        const built = await shared().builder.build({ ...build("service", changed), name: "new-files" });
        const layers = [...(await contents(built))].filter(([what]) => what.includes(".layer.")).map(([, tar]) => tar.toString("latin1"));
        const holds = (file: string): boolean => layers.some((layer) => layer.includes(file));
        for (const file of ["app/handler.py", "app/words.py", "app/model/weights.json", "opt/packages/six.py"]) {
            expect(holds(file), file).to.equal(true);
        }
        for (const file of ["test_handler.py", "notes.key", "app/Dockerfile"]) {
            expect(holds(file), file).to.equal(false);
        }
    });

    it("fails to build if requirements.txt conflicts with the server's packages, and names both versions", async () => {
        expect(await shared().builder.refuses(build("service", { "requirements.txt": "fastapi==0.1.0\n" }))).to.match(
            /you require fastapi==[\d.]+ and fastapi==[\d.]+, .*unsatisfiable/,
        );
    });

    it("is a run that completes and writes its model", async () => {
        const { engine, workshop, builder } = shared();
        const built = await builder.build(build("training"));
        const volume = workshop.folder("checkpoints");
        fs.chownSync(volume, 1000, 1000);
        const variables = { CHECKPOINT_DIR: "/checkpoints", RUN_ID: "first" };
        const container = await engine.start(built.ref, [
            ...HARDENED,
            ...["--volume", `${volume}:/checkpoints`],
            ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        ]);
        const status = await container.ended();
        const { out, err } = await container.logs();
        expect(status, err).to.equal(0);
        expect(JSON.parse(out.trim().split("\n").at(-1) ?? "")).to.deep.include({ run_id: "first", steps: 500, resumed: false });
        expect(JSON.parse(fs.readFileSync(path.join(volume, "first", "weights.json"), "utf8"))).to.have.keys("weights", "bias");
        await container.remove();
    });

    it("is a worker that answers a task through Redis and drains", async () => {
        const { engine, builder } = shared();
        const built = await builder.build(build("worker"));
        const redis = await startRedis();
        const variables = { BROKER_URL: `redis://127.0.0.1:${redis.port}/0`, QUEUE: "sentiment" };
        const container = await engine.start(built.ref, [
            ...HARDENED,
            ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
        ]);
        expect(JSON.parse(await container.exec("python3", "-c", CLIENT))).to.deep.equal({ score: 2 });
        await container.signal("TERM");
        expect(await container.ended()).to.equal(0);
        await container.remove();
        await redis.container.remove();
    });

    for (const kind of ["service", "training", "worker"] as const) {
        it(`gives the same image of a ${kind} if its files have other modification times`, async () => {
            const [one, other] = [build(kind), build(kind)];
            execFileSync("find", [other.context, "-exec", "touch", "--date=2020-01-01", "{}", "+"]);
            expect((await shared().builder.build(other)).digest).to.equal((await shared().builder.build(one)).digest);
        });
    }
});
