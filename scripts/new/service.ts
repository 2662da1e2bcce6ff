import { CommandError } from "../command-line/run";
import type { Kind } from "./kind";
import { isSandbox, update } from "./next-commands";
import { poolFor } from "./pool";

/** A service that uses the project's server with a new handler. */
export const service: Kind = {
    templates: ["handler", "service"],
    image: { kind: "service", image: "inference", part: "server" },
    mainFile: "handler.py",
    edits: (name, target) => {
        const services = target.config.inference?.services ?? [];
        if (services.some((existing) => existing.name === name)) {
            throw new CommandError(`Pulumi.${target.stack}.yaml already has a service ${name}; nothing was changed.`);
        }
        const pool = poolFor(target, services[0]?.pool);
        return [{ path: ["ml-platform:inference", "services"], append: { name, image: name, pool } }];
    },
    next: (name, target) => {
        const namespace = target.config.inference?.namespace ?? "inference";
        const predict = (address: string): string => `curl -s -d '{"values": [1, 2]}' ${address}/predict`;
        return [
            `python3 models/${name}/test_handler.py`,
            update(name, target),
            isSandbox(target)
                ? predict(`"$(npm run --silent sandbox:status | awk '$1 == "${namespace}/${name}" { print $2 }')"`)
                : `kubectl port-forward --namespace ${namespace} service/${name} 8000:80 & sleep 5; ${predict("localhost:8000")}`,
        ];
    },
};
