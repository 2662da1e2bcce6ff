import { randomUUID } from "node:crypto";
import { ApiError, ensure } from "../../api/api-error";
import { projectNumber } from "../../generated";
import type { JsonObject } from "../../json";

/** An operation, independent of the API's version. */
export interface Operation {
    readonly name: string;
    readonly operationType: string;
    /** Resource name of the cluster or the node pool. */
    readonly target: string;
    readonly startTime: string;
    /** Absent while the operation runs. */
    readonly endTime?: string;
    /** Why the operation failed. */
    readonly problem?: string;
}

/** GKE's operations. A restart of the daemon drops them, but not their resources. */
export class ContainerOperations {
    private readonly all = new Map<string, Operation>();

    /**
     * Starts work on a cluster or a node pool. The node pools of a cluster can change at the same time.
     * @param work begins before this method returns
     * @throws ApiError if an operation on the same resource, on its cluster or on one of its node pools is running
     */
    start(operationType: string, target: string, work: () => Promise<void>): Operation {
        const running = [...this.all.values()].find(
            (other) =>
                other.endTime === undefined && (`${other.target}/`.startsWith(`${target}/`) || target.startsWith(`${other.target}/`)),
        );
        if (running !== undefined) {
            // https://github.com/rancher/gke-operator/pull/509
            throw new ApiError("FAILED_PRECONDITION", `Cluster is running incompatible operation ${running.name}.`);
        }
        const operation = { name: `operation-${Date.now()}-${randomUUID()}`, operationType, target, startTime: new Date().toISOString() };
        this.all.set(operation.name, operation);
        const end = (result: Pick<Operation, "problem">): void => {
            this.all.set(operation.name, { ...operation, ...result, endTime: new Date().toISOString() });
        };
        work().then(
            () => end({}),
            (error: unknown) => end({ problem: error instanceof Error ? error.message : String(error) }),
        );
        return operation;
    }

    /** @param name resource name @throws ApiError if the operation does not exist */
    get(name: string): Operation {
        const operation = this.all.get(name.split("/").at(-1) ?? "");
        ensure(operation !== undefined, `Not found: ${name}.`, "NOT_FOUND");
        return operation;
    }

    /** Returns the operations in a location, oldest first. The location `-` stands for all. */
    list(parent: string): readonly Operation[] {
        return [...this.all.values()].filter(({ target }) => target.startsWith(`${parent.replace(/\/-$/, "")}/`));
    }
}

/**
 * An operation as the API returns it.
 * https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.operations
 */
export function operationView({ target, problem, endTime, ...operation }: Operation, version: string): JsonObject {
    const [, project = "", , location = ""] = target.split("/");
    const root = `https://container.googleapis.com/${version}`;
    return {
        ...operation,
        ...(endTime === undefined ? { status: "RUNNING" } : { status: "DONE", endTime }),
        selfLink: `${root}/projects/${projectNumber(project)}/locations/${location}/operations/${operation.name}`,
        ...{ targetLink: `${root}/${target}`, zone: location, location },
        ...(problem !== undefined && { statusMessage: problem, error: { code: 13, message: problem } }),
    };
}
