import { type ApiService, type Handler, textOf } from "../../api/service";
import type { Document } from "../../discovery/document";
import beta from "../../discovery/documents/container/container.v1beta1.json";
import stable from "../../discovery/documents/container/container.v1.json";
import { clusterMethods } from "./clusters";
import defaults from "./defaults.json";
import type { Gke } from "./gke";
import type { NodeQuotas } from "./node-quotas";
import { operationView } from "./operations";
import { poolMethods } from "./pools";
import { serverConfig } from "../../gke/versions";

const METHODS = "container.projects.locations";

/** GKE v1 and v1beta1: clusters, their node pools and operations. */
export function container(gke: Gke, quotas: NodeQuotas): readonly ApiService[] {
    return [stable, beta].map((file) => {
        const document = file as Document;
        const version = document.id.split(":")[1] ?? "";
        return {
            ...{ document, keepsDefaults: defaults.presence },
            handlers: {
                ...under(`${METHODS}.clusters`, clusterMethods(gke, quotas, document, version)),
                ...under(`${METHODS}.clusters.nodePools`, poolMethods(gke, quotas, document, version)),
                [`${METHODS}.operations.get`]: (call) => operationView(gke.operations.get(textOf(call, "name")), version),
                [`${METHODS}.operations.list`]: (call) => ({
                    operations: gke.operations.list(textOf(call, "parent")).map((operation) => operationView(operation, version)),
                }),
                [`${METHODS}.getServerConfig`]: serverConfig,
            },
        };
    });
}

function under(prefix: string, methods: Readonly<Record<string, Handler>>): Readonly<Record<string, Handler>> {
    return Object.fromEntries(Object.entries(methods).map(([name, handler]) => [`${prefix}.${name}`, handler]));
}
