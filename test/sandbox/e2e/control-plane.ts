import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Identities } from "../../../sandbox/cloud/access/identities";
import { readNodePool } from "../../../sandbox/cloud/gke/node-pool";
import type { JsonObject } from "../../../sandbox/cloud/json";
import { cleanUp } from "../../../sandbox/cluster/clean-up";
import { SandboxClusters, type SandboxClustersArgs } from "../../../sandbox/cluster/clusters";
import type { NodePool } from "../../../sandbox/cluster/gke/node-pool";
import { KubeApi } from "../../../sandbox/kube/api";
import { homeOf, type Home } from "../../../sandbox/home";
import { killLeftovers, marker } from "../../../sandbox/host/leftovers";
import { Ports } from "../../../sandbox/host/ports";
import { Processes } from "../../../sandbox/host/processes";
import { nodePool } from "../../../sandbox/providers/gcp/mapped/container/node-pool";
import type { Properties } from "../../../sandbox/providers/property-values";
import { prepareHome } from "../../../sandbox/pulumi/prepare";
import { mountShortPath, unmountShortPath } from "../../../sandbox/host/short-path";
import { linkTools } from "../../../sandbox/toolchain/link";

/** A cluster in its own sandbox, with simulated nodes only: a real API server, scheduler and controllers, without containers. */
export interface SimulatedCluster {
    readonly id: string;
    readonly home: Home;
    readonly clusters: SandboxClusters;
    readonly api: KubeApi;
    /** The kubeconfig, as an option of `kubectl`. */
    readonly kubeconfig: object;
    stop(): Promise<void>;
}

/** A node pool of the program, as the cluster takes it. @param inputs properties of a `gcp:container/nodePool:NodePool` */
export function nodePoolOf(inputs: Properties, name: string, zone: string): NodePool {
    const given = { ...inputs, project: "team-ml", location: zone, cluster: "sample", name } as JsonObject;
    return readNodePool(nodePool["gcp:container/nodePool:NodePool"].stored(given), name, [zone]);
}

/** Google identities in a cluster without policies: none. */
const NOBODY: Pick<SandboxClustersArgs, "identities" | "access"> = {
    identities: new Identities(() => ""),
    access: { grants: () => false },
};

/**
 * @param realNodes number of nodes that run containers; the first ones. @default 0
 * @param callers the Google identities that can call the cluster. @default none
 */
export async function simulatedCluster(location: string, realNodes = 0, callers = NOBODY): Promise<SimulatedCluster> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ml-platform-cluster-"));
    const home = homeOf(folder);
    mountShortPath(home);
    linkTools(home);
    prepareHome(home);
    const processes = new Processes(home.logs, marker(home));
    const ports = new Ports(path.join(home.run, "ports.json"));
    // Simulated nodes pull no images, so there is no registry.
    const clusters = await SandboxClusters.open({
        home,
        processes,
        ports,
        registry: "registry.invalid",
        ...callers,
        exceededQuota: () => undefined,
        realNodes,
    });
    const id = `projects/team-ml/locations/${location}/clusters/sample`;
    const { endpoint, caCertificate } = await clusters.create({ id, name: "sample", location, project: "team-ml" });
    const token = fs.readFileSync(path.join(home.run, "token"), "utf8").trim();
    const api = new KubeApi({ port: Number(endpoint.split(":")[1]), ca: Buffer.from(caCertificate, "base64").toString(), token });
    const kubeconfig = {
        clusters: [{ name: "c", cluster: { server: `https://${endpoint}`, "certificate-authority-data": caCertificate } }],
        users: [{ name: "u", user: { token } }],
        contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        "current-context": "x",
    };
    return {
        id,
        home,
        clusters,
        api,
        kubeconfig,
        stop: async () => {
            api.close();
            await clusters.stop();
            await processes.stopAll();
            await killLeftovers(home);
            await cleanUp(home);
            unmountShortPath(home);
            fs.rmSync(folder, { recursive: true });
        },
    };
}
