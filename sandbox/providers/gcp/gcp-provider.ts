import type { View } from "../../cloud/cloud";
import type { JsonObject } from "../../cloud/json";
import { findBehaviour } from "../../cloud/services/all";
import { type Existing, InitFailed, type Operation, type Provider } from "../provider";
import type { Properties } from "../property-values";
import { checkInputs } from "./check";
import { CloudClient, Refused } from "./cloud-client";
import { DEFAULTS, defaultedNames, type ProviderConfig } from "./defaults";
import { diffInputs } from "./diff";
import { callFunction } from "./functions";
import { foretellCreation, foretellUpdate, markSecrets, withoutDefaults } from "./outputs";

/** The version of `@pulumi/gcp` whose resources this provider serves. */
const VERSION = "9.37.0";

/**
 * The provider `gcp` over the simulated cloud.
 * @param socket the Unix socket of the cloud's API. Previews of new resources do without it
 */
export function gcpProvider(socket: string | undefined): Provider {
    const cloud = new CloudClient(socket);
    let config: ProviderConfig = {};
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
            const view = await orInitFailed(inputs, cloud.create(type, sent(inputs), deadline(request)));
            return existing(view, inputs);
        },

        async read(request) {
            const view = await cloud.read(request.type, request.id, deadline(request));
            if (view === undefined) {
                return undefined;
            }
            const now = { ...view, inputs: moved(view) };
            if (view.problem !== undefined) {
                throw new InitFailed(existing(now, request.inputs), [view.problem]);
            }
            return existing(now, request.inputs);
        },

        async update(request) {
            const { type, id, inputs, oldInputs, oldOutputs, preview } = request;
            if (preview) {
                return markSecrets(type, foretellUpdate(type, inputs, oldInputs, oldOutputs));
            }
            const view = await orInitFailed(inputs, cloud.update(type, id, sent(inputs), deadline(request)));
            return existing(view, inputs).outputs;
        },

        async delete(request) {
            await cloud.delete(request.type, request.id, deadline(request));
        },

        async invoke(token, args) {
            return callFunction(token, args, config, cloud);
        },
    };
}

/** Outside a preview all is known, and the provider's own note stays here. */
function sent(inputs: Properties): JsonObject {
    return withoutDefaults(inputs) as JsonObject;
}

function existing({ type, id, inputs, outputs }: View, checked: Properties | undefined): Existing {
    return { id, inputs: { ...inputs, [DEFAULTS]: defaultedNames(checked) }, outputs: markSecrets(type, outputs) };
}

/** The inputs, with the values of now where the cloud changes what the program gave. */
function moved({ type, inputs, outputs }: View): JsonObject {
    const names = findBehaviour(type)?.movedByCloud?.filter((name) => inputs[name] !== undefined) ?? [];
    return { ...inputs, ...Object.fromEntries(names.map((name) => [name, outputs[name]])) };
}

async function orInitFailed(checked: Properties, answer: Promise<View>): Promise<View> {
    try {
        return await answer;
    } catch (error) {
        if (error instanceof Refused && error.refusal.existing !== undefined) {
            throw new InitFailed(existing(error.refusal.existing, checked), [error.message]);
        }
        throw error;
    }
}

function deadline({ cancelled, timeoutSeconds }: Operation): AbortSignal {
    return timeoutSeconds === undefined ? cancelled : AbortSignal.any([cancelled, AbortSignal.timeout(timeoutSeconds * 1000)]);
}
