import * as path from "node:path";
import { buildSite, sandboxBuilder } from "../builds/builder";
import { Access } from "../cloud/access/access";
import { delayOf, EffectivePolicies } from "../cloud/access/effective-policies";
import { Identities } from "../cloud/access/identities";
import { apiListener } from "../cloud/api/server";
import { apiServices } from "../cloud/handlers/all";
import { imageChecks } from "../cloud/handlers/binary-authorization/admission";
import { Attestations } from "../cloud/handlers/binary-authorization/attestations";
import { limitsOf, Quotas } from "../cloud/handlers/compute/quotas";
import { Gke } from "../cloud/handlers/container/gke";
import { NodeQuotas } from "../cloud/handlers/container/node-quotas";
import { Ledger } from "../cloud/ledger";
import { SandboxClusters } from "../cluster/clusters";
import { prepareChart } from "./charts";
import { serveControl } from "./control";
import { daemonSocket, type DaemonStatus } from "./client";
import { type Home, homeOf } from "../home";
import { serveHttp } from "../host/http-server";
import { marker } from "../host/leftovers";
import { portRangeOf, Ports } from "../host/ports";
import { Processes } from "../host/processes";
import { accessToken } from "../identity/access-token";
import { buildkitService } from "../registry/buildkit";
import { startRegistry } from "../registry/registry";

/** The sandbox's daemon: it runs the registry, BuildKit, the cloud's API and the clusters until SIGTERM. */
async function main(home: Home): Promise<void> {
    // Set in the sandbox's container, which only publishes these ports.
    const published = process.env.SANDBOX_PORTS;
    const ports = new Ports(path.join(home.run, "ports.json"), published === undefined ? undefined : portRangeOf(published));
    const processes = new Processes(home.logs, marker(home));

    const ledger = Ledger.open(path.join(home.run, "cloud", "ledger.json"));
    const identities = new Identities(() => accessToken(home));
    const access = new Access(ledger, new EffectivePolicies(ledger, delayOf(process.env.SANDBOX_IAM_DELAY ?? "0")));
    const registry = await startRegistry({ home, ports, processes, identities, access });
    await processes.start(await buildkitService(home, registry.port));

    const clusters = await SandboxClusters.open({
        home,
        processes,
        ports,
        registry: registry.host,
        ...{ identities, access },
        exceededQuota: (cluster, pool, nodes) => nodeQuotas.exceededBy(cluster, pool, nodes),
        ...realNodes(process.env.SANDBOX_REAL_NODES),
    });
    const builder = sandboxBuilder(buildSite(home));
    const gke = new Gke(ledger, clusters, imageChecks(ledger, access, new Attestations(ledger, builder)));
    const quotas = new Quotas(ledger, () => gke.groupsOf(), limitsOf(process.env.SANDBOX_QUOTAS ?? ""));
    const nodeQuotas = new NodeQuotas(gke, quotas);
    await clusters.restore();
    await gke.recover();
    const services = apiServices({ ledger, registry: registry.host, images: registry.images, identities, gke, quotas, builder });
    const api = apiListener({ services, ledger, identities, access });
    const apiPort = await ports.take("google-api");
    const closeApis = await Promise.all([path.join(home.run, "cloud.sock"), apiPort].map((at) => serveHttp(api, at)));

    const status = (): DaemonStatus => ({
        pid: process.pid,
        registry: registry.host,
        api: `127.0.0.1:${apiPort}`,
        services: processes.running(),
        clusters: clusters.status(),
    });
    const closeControl = await serveControl(daemonSocket(home), {
        "GET /status": () => Promise.resolve(status()),
        "GET /ledger": () => Promise.resolve(ledger.list()),
        "POST /chart": (query) => prepareChart(query, home, clusters),
        "POST /preempt": async (query) => ({ node: await clusters.preempt(query.get("pool") ?? "") }),
    });

    let stopping = false;
    const stop = async (): Promise<void> => {
        if (stopping) {
            return;
        }
        stopping = true;
        await closeControl();
        await Promise.all(closeApis.map((close) => close()));
        await clusters.stop();
        await processes.stopAll();
        process.exit(0);
    };
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
        process.on(signal, () => void stop());
    }
}

/**
 * Parses SANDBOX_REAL_NODES, the number of nodes that run containers; further nodes are simulated.
 * @default as many as the machine can run
 */
function realNodes(given: string | undefined): { readonly realNodes?: number } {
    if (given === undefined) {
        return {};
    }
    if (!/^\d+$/.test(given)) {
        throw new Error(`SANDBOX_REAL_NODES must be a number of nodes, 0 or more, not "${given}"`);
    }
    return { realNodes: Number(given) };
}

main(homeOf(process.argv[2] ?? "")).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    // Child processes carry this sandbox's marker, so the process that started the daemon can kill them.
    process.exit(1);
});
