import type { View } from "../../cloud/cloud";
import type { JsonObject } from "../../cloud/json";
import { Draft } from "../../cloud/draft";
import { type Existing, InitFailed, type Operation, type Provider } from "../provider";
import type { Properties } from "../property-values";
import { checkInputs } from "./check";
import { CloudClient } from "./cloud-client";
import { DEFAULTS, defaultedNames, type ProviderConfig } from "./defaults";
import { diffInputs } from "./diff";
import { callFunction } from "./functions";
import { findMappedType } from "./mapped/all";
import { ApiClient } from "./mapped/api-client";
import { HalfCreated } from "./mapped/mapped-type";
import { foretellCreation, foretellUpdate, markSecrets, withoutDefaults } from "./outputs";

/** Version of `@pulumi/gcp` that this provider implements. */
const VERSION = "9.37.0";

/**
 * The `gcp` provider for the simulated cloud.
 * @param socket Unix socket of the cloud's API. Previews of new resources do not need it
 * @param log shows a message about a resource to the user
 */
export function gcpProvider(socket: string | undefined, log: (urn: string, message: string) => void = () => undefined): Provider {
    const cloud = new CloudClient(socket);
    let config: ProviderConfig = {};
    const api = (request: Operation) =>
        new ApiClient(socket, config.project ?? "", deadline(request), (message) => {
            log(request.urn, message);
        });
    return {
        version: VERSION,

        configure(given) {
            const names = ["project", "region", "zone"] as const;
            config = Object.fromEntries(
                names.flatMap((name) => (typeof given[name] === "string" && given[name] !== "" ? [[name, given[name]]] : [])),
            );
        },

        check(request) {
            return checkInputs(request, config);
        },

        diff({ type, oldInputs, inputs }) {
            return diffInputs(type, oldInputs, inputs);
        },

        async create(request) {
            const { type, inputs, preview } = request;
            if (preview) {
                return { id: "", outputs: markSecrets(type, foretellCreation(type, inputs)) };
            }
            const mapped = findMappedType(type);
            if (mapped !== undefined) {
                const made = await orInitFailed(type, inputs, mapped.create(api(request), new Draft(type, sent(inputs), "")));
                return existing({ ...made, type }, inputs);
            }
            return existing(await cloud.create(type, sent(inputs), deadline(request)), inputs);
        },

        async read(request) {
            const mapped = findMappedType(request.type);
            if (mapped !== undefined) {
                const given = request.inputs === undefined ? undefined : sent(request.inputs);
                const found = await orInitFailed(request.type, request.inputs, mapped.read(api(request), request.id, given));
                return found === undefined ? undefined : existing({ ...found, type: request.type }, request.inputs);
            }
            const view = await cloud.read(request.type, request.id, deadline(request));
            return view === undefined ? undefined : existing(view, request.inputs);
        },

        async update(request) {
            const { type, id, inputs, oldInputs, oldOutputs, preview } = request;
            if (preview) {
                return markSecrets(type, foretellUpdate(type, inputs, oldInputs, oldOutputs));
            }
            const mapped = findMappedType(type);
            if (mapped !== undefined) {
                const update = mapped.update(api(request), id, new Draft(type, sent(inputs), ""), withoutDefaults(oldInputs));
                return existing({ ...(await orInitFailed(type, inputs, update)), type }, inputs).outputs;
            }
            return existing(await cloud.update(type, id, sent(inputs), deadline(request)), inputs).outputs;
        },

        async delete(request) {
            const mapped = findMappedType(request.type);
            await (mapped === undefined
                ? cloud.delete(request.type, request.id, deadline(request))
                : mapped.delete(api(request), request.id, sent(request.inputs)));
        },

        async invoke(token, args) {
            return callFunction(token, args, config, cloud, new ApiClient(socket, config.project ?? ""));
        },
    };
}

/** Returns the inputs to send. Outside previews, all values are known; the provider's own bookkeeping is not sent. */
function sent(inputs: Properties): JsonObject {
    return withoutDefaults(inputs) as JsonObject;
}

function existing(
    { type, id, inputs, outputs }: Pick<View, "type" | "id" | "inputs" | "outputs">,
    checked: Properties | undefined,
): Existing {
    return { id, inputs: { ...inputs, [DEFAULTS]: defaultedNames(checked) }, outputs: markSecrets(type, outputs) };
}

async function orInitFailed<Result>(type: string, checked: Properties | undefined, answer: Promise<Result>): Promise<Result> {
    try {
        return await answer;
    } catch (error) {
        throw error instanceof HalfCreated ? new InitFailed(existing({ ...error.current, type }, checked), [error.message]) : error;
    }
}

function deadline({ cancelled, timeoutSeconds }: Operation): AbortSignal {
    return timeoutSeconds === undefined ? cancelled : AbortSignal.any([cancelled, AbortSignal.timeout(timeoutSeconds * 1000)]);
}
