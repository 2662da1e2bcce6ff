import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { POOL_LABEL } from "../../../k8s/gpu";
import { PRIORITY_LABEL, QUEUE_LABEL, RUN_QUEUE, type Priority } from "../../../k8s/queues";
import { prepareChart } from "../../../sandbox/daemon/charts";
import { serveControl } from "../../../sandbox/daemon/control";
import type { KubeObject } from "../../../sandbox/kube/objects";
import { HelmReleases, RELEASE } from "../../../sandbox/providers/kubernetes/helm/releases";
import type { Properties } from "../../../sandbox/providers/property-values";
import { listening, outputs } from "../../components/recorded";
import { runProgram } from "../../components/run-program";
import { edited, stackFile } from "../../components/stack-files";
import { nodePoolOf, type SimulatedCluster, simulatedCluster } from "./control-plane";

const ZONE = "us-central1-a";
/** How long a test waits for the control plane. Only a failing test waits this long. */
const WITHIN_MS = 120_000;
const NAMESPACE = "training";
const JOBS = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;

interface Declared {
    readonly type: string;
    readonly name: string;
    readonly inputs: Readonly<Record<string, unknown>>;
}

interface Job extends KubeObject {
    readonly spec: { readonly suspend?: boolean };
    readonly status?: {
        readonly startTime?: string;
        readonly completionTime?: string;
        readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    };
}

/** The program's objects for three pools: for one pod, for two pods, and for two pods with requested nodes. */
async function declared(): Promise<readonly Declared[]> {
    const pool = { accelerator: "nvidia-l4", zones: [ZONE] };
    const config = edited(stackFile("sandbox"), {
        "ml-platform:cluster.queues": true,
        "ml-platform:cluster.pools": [
            { ...pool, name: "one", maxNodes: 1 },
            { ...pool, name: "two", maxNodes: 2 },
            { ...pool, name: "flex", maxNodes: 2, capacity: "flex-start", queuedProvisioning: true },
        ],
        "ml-platform:inference": undefined,
        "ml-platform:training.pool": "one",
        "ml-platform:training.queue": RUN_QUEUE,
    });
    const made: Declared[] = [];
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs }) => {
                made.push({ type, name, inputs: inputs as Declared["inputs"] });
                return {
                    id: `${name}-id`,
                    state: { name, ...(inputs as object), ...outputs({ type, name, inputs: inputs as Declared["inputs"] }) },
                };
            },
            call: ({ inputs }) => inputs as object,
        },
        "ml-platform",
        "sample",
    );
    await listening(async () => {
        await runProgram(config);
    });
    return made;
}

/** Kueue in a pod of a real node, and Jobs on simulated nodes, where pods complete after two seconds. */
describe("queues of the program with Kueue's controller", () => {
    let cluster: SimulatedCluster;
    let releases: HelmReleases;
    let release: Properties;
    let closeDaemon: () => Promise<void>;
    const operation = () => ({ urn: "urn", type: RELEASE, name: "kueue", cancelled: new AbortController().signal });

    before(async function () {
        // Compiles Kueue and Helm if they are not cached.
        this.timeout(40 * 60_000);
        const all = await declared();
        const ofType = (type: RegExp) => all.filter((one) => type.test(one.type)).map(({ inputs }) => inputs);
        cluster = await simulatedCluster(ZONE, 1);
        for (const inputs of ofType(/^gcp:container\/nodePool/)) {
            const name = (inputs.nodeConfig as { labels: Record<string, string> }).labels[POOL_LABEL] ?? "";
            // The first node belongs to the system pool and is the only real one.
            await cluster.clusters.putPool(cluster.id, nodePoolOf(inputs as Properties, name, ZONE));
        }
        const socket = `${cluster.home.run}/daemon.sock`;
        closeDaemon = await serveControl(socket, { "POST /chart": (query) => prepareChart(query, cluster.home, cluster.clusters) });
        releases = new HelmReleases({ log: () => undefined, status: () => undefined }, socket);
        releases.configure({ kubeconfig: JSON.stringify(cluster.kubeconfig) });
        release = ofType(/:Release$/)[0] as Properties;
        const { outputs: installed } = await releases.create({ ...operation(), inputs: release, preview: false });
        expect(installed.status).to.include({ status: "deployed", appVersion: "v0.17.0" });
        for (const object of [...ofType(/:Namespace$/), ...ofType(/kueue\.x-k8s\.io/)]) {
            await create(object as unknown as KubeObject);
        }
    });

    after(async function () {
        this.timeout(600_000);
        await closeDaemon();
        await cluster.stop();
    });

    /** Creates an object of the program. Kueue's webhooks set defaults and validate it. */
    const create = async (object: KubeObject): Promise<void> => {
        const { apiVersion = "", kind = "", metadata } = object;
        const plural = kind.endsWith("s") ? `${kind}es` : `${kind}s`;
        const root = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
        const scope = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
        await cluster.api.create(`${root}${scope}/${plural.toLowerCase()}`, object);
    };

    const submit = (
        name: string,
        pool: string,
        { priority, pods = 1, stuck = false }: { priority?: Priority; pods?: number; stuck?: boolean } = {},
    ) => cluster.api.create(JOBS, manifest(name, pool, priority, pods, stuck));
    const remove = (name: string) => cluster.api.delete(`${JOBS}/${name}`, { propagationPolicy: "Background" });
    const podsOf = async (job: string): Promise<number> =>
        (await cluster.api.get<{ items: unknown[] }>(`/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=job-name%3D${job}`)).items.length;
    const until = async (name: string, expected: (job: Job) => boolean): Promise<Job> => {
        const deadline = Date.now() + WITHIN_MS;
        for (;;) {
            const job = await cluster.api.get<Job>(`${JOBS}/${name}`);
            if (expected(job)) {
                return job;
            }
            expect(Date.now(), `${name}: ${JSON.stringify({ suspend: job.spec.suspend, ...job.status })}`).to.be.below(deadline);
            await delay(250);
        }
    };
    const admitted = (name: string) => until(name, ({ spec, status }) => spec.suspend === false && status?.startTime !== undefined);
    const complete = (name: string) => until(name, isComplete);

    it("run runs for one GPU one after another, the highest priority first", async () => {
        await submit("holder", "one", { stuck: true });
        await admitted("holder");
        await submit("later", "one", { priority: "low" });
        await submit("sooner", "one");
        await delay(2000);
        expect([await podsOf("later"), await podsOf("sooner")]).to.deep.equal([0, 0]);
        await remove("holder");
        const [sooner, later] = [await complete("sooner"), await complete("later")];
        expect(seconds(sooner.status?.completionTime)).to.be.at.most(seconds(later.status?.startTime));
    }).timeout(600_000);

    it("suspend a run for one with a higher priority, and admit it again afterwards", async () => {
        await submit("patient", "one", { priority: "low", stuck: true });
        await admitted("patient");
        await submit("urgent", "one", { priority: "high" });
        await until("patient", ({ spec }) => spec.suspend === true);
        await complete("urgent");
        await admitted("patient");
        await remove("patient");
    }).timeout(600_000);

    it("never start only a part of a run on two nodes", async () => {
        await submit("half", "two", { stuck: true });
        await admitted("half");
        await submit("pair", "two", { pods: 2 });
        await delay(3000);
        expect(await podsOf("pair")).to.equal(0);
        await remove("half");
        await complete("pair");
        expect(await podsOf("pair")).to.equal(2);
    }).timeout(600_000);

    it("request all nodes of a run if the pool gets nodes by request", async () => {
        await submit("requested", "flex", { pods: 2 });
        await complete("requested");
        const { items } = await cluster.api.get<{ items: { spec: object; status: { conditions: { type: string; status: string }[] } }[] }>(
            `/apis/autoscaling.x-k8s.io/v1/namespaces/${NAMESPACE}/provisioningrequests`,
        );
        expect(items[0]?.spec).to.include({ provisioningClassName: "queued-provisioning.gke.io" });
        const nodes = cluster.clusters.status()[0]?.nodes.filter(({ pool }) => pool === "flex");
        expect(nodes).to.have.length(2);
    }).timeout(600_000);

    it("admit a run without a pool to the first pool with quota, and ignore a Job without a queue", async () => {
        await submit("anywhere", "");
        await complete("anywhere");
        const { metadata, ...rest } = manifest("unqueued", "one", undefined, 1, true);
        await cluster.api.create(JOBS, { ...rest, metadata: { name: metadata.name }, spec: { ...rest.spec, suspend: false } });
        await until("unqueued", ({ status }) => status?.startTime !== undefined);
        expect(await podsOf("unqueued")).to.equal(1);
        await remove("unqueued");
    }).timeout(600_000);

    it("are removed completely if no run is admitted", async () => {
        for (const path of [`/namespaces/${NAMESPACE}/localqueues/runs`, "/clusterqueues/runs", "/admissionchecks/flex-start"]) {
            await cluster.api.delete(`/apis/kueue.x-k8s.io/v1beta2${path}`);
        }
        for (const pool of ["one", "two", "flex"]) {
            await cluster.api.delete(`/apis/kueue.x-k8s.io/v1beta2/resourceflavors/${pool}`);
        }
        const deadline = Date.now() + WITHIN_MS;
        while ((await cluster.api.find("/apis/kueue.x-k8s.io/v1beta2/clusterqueues/runs")) !== undefined) {
            expect(Date.now()).to.be.below(deadline);
            await delay(250);
        }
        await releases.delete({ ...operation(), inputs: release });
        expect(await cluster.api.find("/apis/kueue.x-k8s.io/v1beta2")).to.equal(undefined);
    }).timeout(600_000);
});

const isComplete = ({ status }: Job): boolean =>
    status?.conditions?.some(({ type, status }) => type === "Complete" && status === "True") ?? false;

/** Kubernetes stores times in whole seconds. */
const seconds = (time: string | undefined): number => Date.parse(time ?? "") / 1000;

/** @param stuck whether no node matches the pods: they hold the quota until the Job is suspended or deleted */
function manifest(name: string, pool: string, priority: Priority | undefined, pods: number, stuck: boolean) {
    const requests = { cpu: "100m", memory: "64Mi", "ephemeral-storage": "64Mi", "nvidia.com/gpu": "1" };
    return {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name, labels: { [QUEUE_LABEL]: RUN_QUEUE, ...(priority === undefined ? {} : { [PRIORITY_LABEL]: priority }) } },
        spec: {
            suspend: true,
            parallelism: pods,
            completions: pods,
            template: {
                spec: {
                    restartPolicy: "Never",
                    automountServiceAccountToken: false,
                    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
                    nodeSelector: { ...(pool === "" ? {} : { [POOL_LABEL]: pool }), ...(stuck ? { stuck: "here" } : {}) },
                    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
                    terminationGracePeriodSeconds: 1,
                    containers: [
                        {
                            name: "trainer",
                            image: "registry.invalid/trainer",
                            resources: { requests, limits: requests },
                            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
                        },
                    ],
                },
            },
        },
    };
}
