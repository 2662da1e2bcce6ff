import type { JsonObject } from "../../cloud/json";
import { type Existing, InitFailed, type Operation, type Provider } from "../provider";
import type { Properties } from "../property-values";
import { checkInputs } from "./check";
import { DEFAULTS, defaultedNames, type ProviderConfig } from "./defaults";
import { diffInputs } from "./diff";
import { callFunction } from "./functions";
import { findMappedType, supportedType } from "./mapped/all";
import { ApiClient } from "./mapped/api-client";
import { type Current, HalfCreated } from "./mapped/mapped-type";
import { predictCreation, predictUpdate, markSecrets, withoutDefaults } from "./outputs";

/** Version of `@pulumi/gcp` that this provider implements. */
const VERSION = "9.37.0";

/**
 * The `gcp` provider for the simulated cloud.
 * @param socket Unix socket of the cloud's API. Previews of new resources do not need it
 * @param log shows a message about a resource to the user
 */
export function gcpProvider(socket: string | undefined, log: (urn: string, message: string) => void = () => undefined): Provider {
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
                return { id: "", outputs: markSecrets(type, predictCreation(type, inputs)) };
            }
            const made = await orInitFailed(type, inputs, supportedType(type).create(api(request), sent(inputs)));
            return existing(type, made, inputs);
        },

        async read(request) {
            const { type, id, inputs } = request;
            const given = inputs === undefined ? undefined : sent(inputs);
            // A resource of a type that the simulated cloud does not support does not exist in it.
            const found = await orInitFailed(type, inputs, Promise.resolve(findMappedType(type)?.read(api(request), id, given)));
            return found === undefined ? undefined : existing(type, found, inputs);
        },

        async update(request) {
            const { type, id, inputs, oldInputs, oldOutputs, preview } = request;
            if (preview) {
                return markSecrets(type, predictUpdate(type, inputs, oldInputs, oldOutputs));
            }
            const update = supportedType(type).update(api(request), id, sent(inputs), sent(oldInputs));
            return existing(type, await orInitFailed(type, inputs, update), inputs).outputs;
        },

        async delete(request) {
            await findMappedType(request.type)?.delete(api(request), request.id, sent(request.inputs));
        },

        async invoke(token, args) {
            return callFunction(token, args, config, new ApiClient(socket, config.project ?? ""));
        },
    };
}

/** Returns the inputs to send. Outside previews, all values are known; the provider's own bookkeeping is not sent. */
function sent(inputs: Properties): JsonObject {
    return withoutDefaults(inputs) as JsonObject;
}

function existing(type: string, { id, inputs, outputs }: Current, checked: Properties | undefined): Existing {
    return { id, inputs: { ...inputs, [DEFAULTS]: defaultedNames(checked) }, outputs: markSecrets(type, outputs) };
}

async function orInitFailed<Result>(type: string, checked: Properties | undefined, answer: Promise<Result>): Promise<Result> {
    try {
        return await answer;
    } catch (error) {
        throw error instanceof HalfCreated ? new InitFailed(existing(type, error.current, checked), [error.message]) : error;
    }
}

function deadline({ cancelled, timeoutSeconds }: Operation): AbortSignal {
    return timeoutSeconds === undefined ? cancelled : AbortSignal.any([cancelled, AbortSignal.timeout(timeoutSeconds * 1000)]);
}
