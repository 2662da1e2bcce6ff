import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../json";
import { type ApiError, existing } from "../../api/api-error";

/** Number of operations to keep. */
const KEPT = 1000;

/**
 * Long-running operations. The first response reports an operation as running, every later one as done. Operations are kept in memory: a
 * restart of the daemon drops them, but not their resources. https://google.aip.dev/151
 */
export class Operations {
    private readonly finished = new Map<string, JsonObject>();

    /** @param nameOf returns a new name, given the parent. Default: one in the parent's collection `operations` */
    constructor(private readonly nameOf = (parent: string) => `${parent}/operations/${randomUUID()}`) {}

    /**
     * Records an operation that succeeds.
     * @param parent parent of the operation, such as `projects/p/locations/us-central1`
     * @param metadata with its `@type`
     * @param response with its `@type`
     * @returns the response to the request that started the operation
     */
    start(parent: string, metadata: JsonObject, response: JsonObject): JsonObject {
        return this.record(parent, metadata, { response });
    }

    /**
     * Records an operation that fails, as some APIs do for what they find out only while they work.
     * @returns the response to the request that started the operation
     */
    fail(parent: string, metadata: JsonObject, { number, message }: ApiError): JsonObject {
        return this.record(parent, metadata, { error: { code: number, message } });
    }

    private record(parent: string, metadata: JsonObject, result: JsonObject): JsonObject {
        const name = this.nameOf(parent);
        this.keep(name, { name, metadata, done: true, ...result });
        return { name, metadata };
    }

    /** Records an operation as it will be reported. */
    keep(name: string, operation: JsonObject): void {
        this.finished.set(name, operation);
        const [oldest] = this.finished.keys();
        if (this.finished.size > KEPT && oldest !== undefined) {
            this.finished.delete(oldest);
        }
    }

    /** Returns the operations with a prefix of their names, from the newest to the oldest. */
    list(prefix: string): readonly JsonObject[] {
        return [...this.finished].flatMap(([name, operation]) => (name.startsWith(prefix) ? [operation] : [])).reverse();
    }

    /** @throws ApiError if the operation does not exist */
    get(name: string): JsonObject {
        return existing(this.finished.get(name));
    }
}
