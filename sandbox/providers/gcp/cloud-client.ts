import type { View } from "../../cloud/cloud";
import type { JsonObject } from "../../cloud/json";
import type { Refusal } from "../../cloud/server";
import { cloudRequest } from "./cloud-request";

/** Thrown when the simulated cloud rejects a request. */
export class Refused extends Error {
    constructor(readonly refusal: Refusal) {
        super(refusal.message);
    }
}

/** Client of the simulated cloud on its Unix socket. All methods throw `Refused` if the cloud rejects the request. */
export class CloudClient {
    constructor(private readonly socket: string | undefined) {}

    create(type: string, inputs: JsonObject, signal: AbortSignal): Promise<View> {
        return this.call("POST", "/resources", signal, { type, inputs }) as Promise<View>;
    }

    /** Reads a resource; undefined if it does not exist. */
    async read(type: string, id: string, signal?: AbortSignal): Promise<View | undefined> {
        return orMissing(this.call("GET", resourcePath(type, id), signal) as Promise<View>);
    }

    update(type: string, id: string, inputs: JsonObject, signal: AbortSignal): Promise<View> {
        return this.call("PATCH", resourcePath(type, id), signal, { inputs }) as Promise<View>;
    }

    /** Deletes a resource. Does nothing if it does not exist. */
    async delete(type: string, id: string, signal: AbortSignal): Promise<void> {
        await orMissing(this.call("DELETE", resourcePath(type, id), signal));
    }

    private async call(method: string, path: string, signal?: AbortSignal, body?: unknown): Promise<unknown> {
        const { status, answer } = await cloudRequest(this.socket, method, path, { body, signal });
        if (status !== 200) {
            throw new Refused(answer as unknown as Refusal);
        }
        return answer;
    }
}

async function orMissing<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
    try {
        return await call;
    } catch (error) {
        if (error instanceof Refused && error.refusal.code === 404) {
            return undefined;
        }
        throw error;
    }
}

function resourcePath(type: string, id: string): string {
    return `/resources/${encodeURIComponent(type)}/${encodeURIComponent(id)}`;
}
