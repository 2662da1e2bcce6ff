import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";
import { Probe } from "./probe";
import { TEAM_STACK } from "./team-stack";

const WEIGHTS = "models/houses/model/weights.json";
const HOUSE = { rooms: 4, area: 100 };

/** A client of the worker's queue in its pod. `send 3` prints the IDs of three tasks. With IDs, it prints their results. */
const CLIENT = `
import json, os, sys
from celery import Celery
app = Celery(broker=os.environ["BROKER_URL"], backend=os.environ["BROKER_URL"])
what, *rest = sys.argv[1:]
if what == "send":
    task = dict(args=[{"image": [[0] * 8] * 8}], queue="predictions")
    print(json.dumps([app.send_task("predict", **task).id for _ in range(int(rest[0]))]))
else:
    print(json.dumps([app.AsyncResult(id).get(timeout=60) for id in rest]))
`;

interface Images {
    readonly houses: string;
    readonly redis: string;
}

/** Removes the sandbox's stack at its start, and its own stacks at its end. */
describe("a team's own images, services, worker and runs", function () {
    this.timeout(900_000);

    let clone: Clone;
    let first: { readonly commit: string; readonly images: Images };

    const succeeds = async (...args: readonly string[]): Promise<string> => {
        const { code, output } = await clone.sandbox(...args);
        expect(code, output).to.equal(0);
        return output;
    };
    const kubectl = (stack: string, ...args: readonly string[]) => succeeds("kubectl", "--context", stack, ...args);
    const outputs = (stack: string) => clone.json<{ readonly images: Images }>("stack", "output", "--json", "-s", stack);
    const up = (stack: string) => succeeds("up", "-s", stack, "--yes", "--skip-preview");

    /** The worker's pods wait for the Secret with the address of the broker, which a person or another tool creates. */
    async function upWithSecret(stack: string): Promise<void> {
        const updated = up(stack);
        const created = (async () => {
            const inNamespace = ["kubectl", "--context", stack, "--namespace", "workers"];
            while ((await clone.sandbox(...inNamespace, "get", "serviceaccount", "queue")).code !== 0) {
                await delay(1000);
            }
            const url = "BROKER_URL=redis://redis.inference.svc.cluster.local:80/0";
            await succeeds(...inNamespace, "create", "secret", "generic", "broker", `--from-literal=${url}`);
        })();
        await Promise.race([updated, created]);
        await updated;
        await created;
    }

    async function address(stack: string, service: string): Promise<string> {
        const { output } = await clone.npm("run", "--silent", "sandbox:status");
        const ofCluster = output.split("\nCluster ").find((part) => part.startsWith(`${stack} `)) ?? "";
        const [, url] = new RegExp(`inference/${service} +(http:\\S+)`).exec(ofCluster) ?? [];
        expect(url, output).to.be.a("string");
        return url ?? "";
    }

    /** The service's price of a house. Uses a new connection, because a kept-alive connection leads to an old pod until that pod has drained. */
    async function priceBecomes(stack: string, expected: number): Promise<void> {
        const url = `${await address(stack, "houses")}/predict`;
        for (let attempt = 0, price; price !== expected; attempt++) {
            expect(attempt, `the price is ${price}, not ${expected}`).to.be.lessThan(30);
            await delay(attempt === 0 ? 0 : 1000);
            const response = await fetch(url, { method: "POST", body: JSON.stringify(HOUSE) });
            ({ price } = (await response.json()) as { price?: number });
        }
    }

    async function client<T>(stack: string, ...args: readonly string[]): Promise<readonly T[]> {
        const inPod = ["--namespace", "workers", "exec", "deployment/queue", "--", "python3", "-c", CLIENT];
        return JSON.parse(await kubectl(stack, ...inPod, ...args)) as readonly T[];
    }

    const send = (stack: string, count: number) => client<string>(stack, "send", String(count));
    const answers = (stack: string, ids: readonly string[]) => client(stack, "answers", ...ids);

    before(async () => {
        ({ clone } = sandbox());
        // The sandbox runs containers on four nodes. Each of the stacks needs two.
        await succeeds("destroy", "--yes", "--skip-preview");
        clone.git("config", "user.name", "Ann");
        clone.git("config", "user.email", "ann@example.com");
        clone.write("Pulumi.team-dev.yaml", TEAM_STACK);
        clone.enableApis("team-dev");
        clone.enableApis("team-prod");
        const { code, output } = await clone.npm("run", "new", "--", "service", "houses", "--stack", "team-dev");
        expect(code, output).to.equal(0);
        const prod = clone.read("Pulumi.team-dev.yaml").replaceAll("team-dev", "team-prod");
        clone.write(
            "Pulumi.team-prod.yaml",
            prod.replace("from: build", "from: release").replace("consumers: [team-prod]", "consumers: []"),
        );
        for (const file of ["handler.py", "model/weights.json"]) {
            clone.write(`models/houses/${file}`, clone.read(`test/images/fixtures/own-model/${file}`));
        }
    });

    after(async () => {
        for (const stack of ["team-prod", "team-dev"]) {
            await succeeds("destroy", "-s", stack, "--yes", "--skip-preview");
        }
    });

    it("start from one stack file, and all answer", async () => {
        const commit = clone.commit();
        await upWithSecret("team-dev");
        first = { commit, images: (await outputs("team-dev")).images };
        expect((await fetch(`${await address("team-dev", "digits")}/ready`)).status).to.equal(200);
        await priceBecomes("team-dev", 230);
        expect(await answers("team-dev", await send("team-dev", 3))).to.have.length(3);
        expect(await kubectl("team-dev", "--namespace", "training", "logs", "job/training-both")).to.contain('"nodes": 1, "processes": 2,');
    });

    it("are promoted to another stack by digest, without builds", async () => {
        await succeeds("run", "npm", "run", "--silent", "promote", "--", "--from", "team-dev", "--to", "team-prod");
        clone.commit();
        await upWithSecret("team-prod");
        expect((await outputs("team-prod")).images).to.deep.equal(first.images);
        await priceBecomes("team-prod", 230);
        expect(await answers("team-prod", await send("team-prod", 1))).to.have.length(1);
    });

    it("change to a new model and back without a lost request", async () => {
        clone.write(WEIGHTS, "[10, 5, 3]");
        clone.commit();
        await up("team-dev");
        await succeeds("run", "npm", "run", "--silent", "promote", "--", "--from", "team-dev", "--to", "team-prod");
        clone.commit();
        const probe = new Probe(`${await address("team-prod", "houses")}/ready`);
        await up("team-prod");
        expect((await outputs("team-prod")).images.houses).to.not.equal(first.images.houses);
        await priceBecomes("team-prod", 330);
        await succeeds("run", "npm", "run", "--silent", "promote", "--", "--to", "team-prod", "--release", first.commit.slice(0, 12));
        clone.commit();
        await up("team-prod");
        const { asked, answered } = await probe.stop();
        await priceBecomes("team-prod", 230);
        expect((await outputs("team-prod")).images).to.deep.equal(first.images);
        expect(answered).to.equal(asked);
    });

    it("lose no task when a rollout stops the worker", async () => {
        const ids = await send("team-prod", 50);
        await kubectl("team-prod", "--namespace", "workers", "rollout", "restart", "deployment/queue");
        await kubectl("team-prod", "--namespace", "workers", "rollout", "status", "deployment/queue", "--timeout", "120s");
        expect(await answers("team-prod", ids)).to.have.length(50);
    });
});
