import { randomUUID } from "node:crypto";
import { type Call, type Handler, textOf } from "../../api/service";
import type { JsonObject } from "../../json";
import type { Entry } from "../../ledger";
import { Operations } from "../common/operations";
import type { ReasonError } from "../common/reason-error";
import { numberOf, pacificTime } from "./fields";
import { aggregatedListOf, listOf } from "./lists";
import { collectionOf, placeOf } from "./names";

/** The operations of Compute Engine. */
export class ComputeOperations {
    private readonly operations = new Operations();

    /** The methods of operations. They are all done, so `wait` does not wait. */
    get methods(): Readonly<Record<string, Handler>> {
        const get = (call: Call): JsonObject => this.operations.get(`${collectionOf(call, "operations")}/${textOf(call, "operation")}`);
        const list = (call: Call): JsonObject => listOf(call, "operation", this.operations.list(`${collectionOf(call, "operations")}/`));
        const methods = ["global", "region", "zone"].flatMap((scope) =>
            [["get", get] as const, ["list", list] as const, ["wait", get] as const].map(
                ([verb, handler]) => [`compute.${scope}Operations.${verb}`, handler] as const,
            ),
        );
        return {
            ...Object.fromEntries(methods),
            "compute.globalOperations.aggregatedList": (call) =>
                aggregatedListOf(call, "operations", this.operations.list(`projects/${textOf(call, "project")}/`)),
        };
    }

    /**
     * Records an operation.
     * @param operationType the method that started it
     * @param failure the error with which it ends. Default: it succeeds
     * @returns the response to the request that started it
     */
    start(operationType: string, target: Entry, failure?: ReasonError): JsonObject {
        const [uuid, time] = [randomUUID(), pacificTime(new Date().toISOString())];
        const name = `operation-${Date.now()}-${uuid}`;
        const selfLink = target.id.replace(/[^/]+\/[^/]+$/, `operations/${name}`);
        const started = {
            ...{
                kind: "compute#operation",
                id: numberOf({ uuid }),
                name,
                operationType,
                targetLink: target.id,
                targetId: numberOf(target),
            },
            ...{ status: "RUNNING", progress: 0, insertTime: time, startTime: time, selfLink, ...placeOf(target.id) },
        };
        const error = failure && {
            error: { errors: [{ code: failure.reason.replace(/[A-Z]/g, "_$&").toUpperCase(), message: failure.message }] },
            ...{ httpErrorStatusCode: failure.code, httpErrorMessage: "BAD REQUEST" },
        };
        this.operations.keep(selfLink, { ...started, status: "DONE", progress: 100, endTime: time, ...error });
        return started;
    }
}
