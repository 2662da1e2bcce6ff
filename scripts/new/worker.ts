import { CommandError } from "../command-line/run";
import type { Kind } from "./kind";
import { kubectl, update } from "./next-commands";
import { poolFor } from "./pool";

/** A worker that uses the project's consumer with a new handler. */
export const worker: Kind = {
    templates: ["handler", "worker"],
    image: { kind: "worker", image: "worker", part: "worker" },
    mainFile: "handler.py",
    edits: (name, target) => {
        const { workers, inference } = target.config;
        if (workers?.workers.some((existing) => existing.name === name) === true) {
            throw new CommandError(`Pulumi.${target.stack}.yaml already has a worker ${name}; nothing was changed.`);
        }
        const pool = poolFor(target, workers?.workers[0]?.pool ?? inference?.services[0]?.pool);
        // Redis in the cluster, until the team configures its own broker.
        const variables = { BROKER_URL: "redis://redis.redis:6379/0", QUEUE: name };
        const egress = [{ namespace: "redis", ports: ["6379"] }];
        return [{ path: ["ml-platform:workers", "workers"], append: { name, image: name, pool, variables, egress } }];
    },
    next: (name, target) => [
        `python3 models/${name}/test_handler.py`,
        update(name, target),
        `${kubectl(target)} logs --namespace ${target.config.workers?.namespace ?? "workers"} --follow deployment/${name}`,
    ],
};
