import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { projectNumber } from "../../../cloud/generated";
import { Ledger } from "../../../cloud/ledger";
import { serveHttp } from "../../../host/http-server";
import { gcpProvider } from "../../../providers/gcp/gcp-provider";
import { type Properties, secret, UNKNOWN } from "../../../providers/property-values";
import { InitFailed, type Operation, type Provider } from "../../../providers/provider";
import { FakeClusters } from "../../cloud/gke/fake-clusters";
import { testAccess, testApi, TOKEN } from "../../cloud/test-api";

const CLUSTER = "gcp:container/cluster:Cluster";
const REPOSITORY = "gcp:artifactregistry/repository:Repository";
const CLUSTER_ID = "projects/p/locations/us-central1/clusters/ml";

describe("gcpProvider", () => {
    let folder: string;
    let ledger: Ledger;
    let clusters: FakeClusters;
    let close: () => Promise<void>;
    let provider: Provider;

    beforeEach(async () => {
        folder = mkdtempSync(path.join(tmpdir(), "gcp-"));
        ledger = Ledger.open(path.join(folder, "ledger.json"));
        clusters = new FakeClusters();
        const socket = path.join(folder, "cloud.sock");
        close = await serveHttp(testApi(ledger, testAccess(ledger), clusters), socket);
        process.env.GOOGLE_OAUTH_ACCESS_TOKEN = TOKEN;
        provider = gcpProvider(socket);
        await provider.configure({ project: "p", region: "us-central1" });
    });

    afterEach(async () => {
        delete process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
        await close();
        rmSync(folder, { recursive: true });
    });

    function operation(type: string): Operation {
        return { urn: "urn", type, name: "ml", cancelled: new AbortController().signal };
    }

    async function checked(type: string, inputs: Properties, oldInputs?: Properties): Promise<Properties> {
        const answer = await provider.check({ urn: "urn", type, name: "ml", inputs, oldInputs, randomSeed: new Uint8Array([1]) });
        expect(answer.failures).to.deep.equal([]);
        return answer.inputs;
    }

    const cluster = { name: "ml", initialNodeCount: 1, removeDefaultNodePool: true, deletionProtection: false };

    async function createCluster(): Promise<Properties> {
        const inputs = await checked(CLUSTER, cluster);
        await provider.create({ ...operation(CLUSTER), inputs, preview: false });
        return inputs;
    }

    async function refusal(work: () => unknown): Promise<Error> {
        try {
            await work();
        } catch (error) {
            return error as Error;
        }
        throw new Error("it succeeded");
    }

    it("creates the outputs that its preview predicted", async () => {
        const inputs = await checked(REPOSITORY, {
            repositoryId: "ml-images",
            format: "DOCKER",
            dockerConfig: { immutableTags: false },
        });
        const predicted = await provider.create({ ...operation(REPOSITORY), inputs, preview: true });
        expect(predicted.outputs.registryUri).to.equal(UNKNOWN);
        expect(ledger.list()).to.deep.equal([]);
        const { id, outputs } = await provider.create({ ...operation(REPOSITORY), inputs, preview: false });
        expect([id, outputs.registryUri]).to.deep.equal([
            "projects/p/locations/us-central1/repositories/ml-images",
            "127.0.0.1:5000/us-central1-docker.pkg.dev/p/ml-images",
        ]);
        expect(Object.keys(predicted.outputs).sort()).to.deep.equal(Object.keys(outputs).sort());
        expect(ledger.list()[0]?.inputs).not.to.have.property("__defaults");
    });

    it("finds no difference after a refresh", async () => {
        const inputs = await createCluster();
        const read = await provider.read({ ...operation(CLUSTER), id: CLUSTER_ID, inputs, outputs: {} });
        expect(read?.inputs).to.deep.equal(inputs);
        const again = await checked(CLUSTER, cluster, read?.inputs);
        expect(
            await provider.diff({ ...operation(CLUSTER), id: CLUSTER_ID, inputs: again, oldInputs: read?.inputs ?? {}, oldOutputs: {} }),
        ).to.deep.equal({
            changes: [],
            deleteBeforeReplace: false,
        });
    });

    it("finds drift after a refresh", async () => {
        const inputs = await checked(CLUSTER, { ...cluster, releaseChannel: { channel: "REGULAR" } });
        await provider.create({ ...operation(CLUSTER), inputs, preview: false });
        const [entry] = ledger.list();
        if (entry === undefined) {
            throw new Error("nothing was created");
        }
        ledger.put({ ...entry, inputs: { ...entry.inputs, releaseChannel: { channel: "STABLE" } } });
        const read = await provider.read({ ...operation(CLUSTER), id: CLUSTER_ID, inputs, outputs: {} });
        const { changes } = await provider.diff({
            ...operation(CLUSTER),
            id: CLUSTER_ID,
            inputs,
            oldInputs: read?.inputs ?? {},
            oldOutputs: {},
        });
        expect(changes).to.deep.equal([{ path: ["releaseChannel", "channel"], kind: "update", replaces: false }]);
    });

    it("reads the node count that the autoscaler set, and reports a change only if the program sets the count", async () => {
        const POOL = "gcp:container/nodePool:NodePool";
        await createCluster();
        for (const [name, count, changed] of [
            ["left", {}, []],
            ["set", { nodeCount: 0 }, [{ path: ["nodeCount"], kind: "update", replaces: false }]],
        ] as const) {
            const given = { name, cluster: CLUSTER_ID, autoscaling: { minNodeCount: 0, maxNodeCount: 4 }, ...count };
            const inputs = await checked(POOL, given);
            clusters.nodes = 0;
            const { id } = await provider.create({ ...operation(POOL), inputs, preview: false });
            clusters.nodes = 6; // in three zones
            const read = await provider.read({ ...operation(POOL), id, inputs, outputs: {} });
            expect(read?.outputs.nodeCount).to.equal(2);
            const { changes } = await provider.diff({ ...operation(POOL), id, inputs, oldInputs: read?.inputs ?? {}, oldOutputs: {} });
            expect(changes).to.deep.equal(changed);
        }
    });

    it("marks the cluster's key as secret", async () => {
        await createCluster();
        const read = await provider.read({ ...operation(CLUSTER), id: CLUSTER_ID, inputs: undefined, outputs: undefined });
        expect(read?.outputs.masterAuth).to.deep.equal({
            ...{ clientCertificateConfig: {}, clusterCaCertificate: "Q0E=", clientCertificate: "", clientKey: secret("") },
        });
        expect(read?.inputs.__defaults).to.deep.equal([]);
    });

    it("reads deleted resources as missing, and deletes them without an error", async () => {
        expect(await provider.read({ ...operation(CLUSTER), id: CLUSTER_ID, inputs: {}, outputs: {} })).to.equal(undefined);
        await provider.delete({ ...operation(CLUSTER), id: CLUSTER_ID, inputs: {}, outputs: {} });
    });

    it("updates and deletes", async () => {
        const oldInputs = await createCluster();
        const inputs = await checked(CLUSTER, { ...cluster, minMasterVersion: "1.36" }, oldInputs);
        const request = { ...operation(CLUSTER), id: CLUSTER_ID, inputs, oldInputs, oldOutputs: { endpoint: "before" } };
        const predicted = await provider.update({ ...request, preview: true });
        expect([predicted.endpoint, predicted.minMasterVersion, ledger.list()[0]?.inputs.initialClusterVersion]).to.deep.equal([
            "before",
            "1.36",
            undefined,
        ]);
        const outputs = await provider.update({ ...request, preview: false });
        expect([outputs.endpoint, outputs.minMasterVersion]).to.deep.equal(["127.0.0.1:6443", "1.36"]);
        await provider.delete({ ...operation(CLUSTER), id: CLUSTER_ID, inputs, outputs });
        expect(ledger.list()).to.deep.equal([]);
    });

    it("returns the errors of the API", async () => {
        const inputs = await createCluster();
        const error = await refusal(() => provider.create({ ...operation(CLUSTER), inputs, preview: false }));
        expect(error.message).to.equal(`googleapi: Error 409: Already exists: ${CLUSTER_ID}.`);
    });

    it("keeps a partially created resource until an update completes it", async () => {
        clusters.before = () => {
            throw new Error("ZONE_RESOURCE_POOL_EXHAUSTED");
        };
        const error = await refusal(createCluster);
        if (!(error instanceof InitFailed)) {
            throw error;
        }
        expect([error.existing.id, error.existing.inputs.__defaults, error.reasons]).to.deep.equal([
            CLUSTER_ID,
            ["location", "project"],
            ["ZONE_RESOURCE_POOL_EXHAUSTED"],
        ]);
        const inputs = error.existing.inputs;
        expect(await refusal(() => provider.read({ ...operation(CLUSTER), id: CLUSTER_ID, inputs, outputs: {} }))).to.be.instanceOf(
            InitFailed,
        );
        clusters.before = () => undefined;
        const request = { ...operation(CLUSTER), id: CLUSTER_ID, inputs, oldInputs: inputs, oldOutputs: {}, preview: false };
        expect((await provider.update(request)).endpoint).to.equal("127.0.0.1:6443");
    });

    it("refuses to create an unsupported type, and reads and deletes one in the state as missing", async () => {
        const TOPIC = "gcp:pubsub/topic:Topic";
        const reason = `the simulated Google Cloud does not support the type ${TOPIC}`;
        const inputs = { name: "events" };
        const answer = await provider.check({ ...operation(TOPIC), inputs, oldInputs: undefined, randomSeed: new Uint8Array([1]) });
        expect(answer.failures).to.deep.equal([{ property: "", reason }]);
        expect((await refusal(() => provider.create({ ...operation(TOPIC), inputs, preview: false }))).message).to.equal(reason);
        expect(await provider.read({ ...operation(TOPIC), id: "t", inputs, outputs: {} })).to.equal(undefined);
        await provider.delete({ ...operation(TOPIC), id: "t", inputs, outputs: {} });
    });

    it("stops at its timeout and when it is interrupted", async () => {
        clusters.before = () => new Promise(() => undefined);
        const inputs = await checked(CLUSTER, cluster);
        const late = await refusal(() => provider.create({ ...operation(CLUSTER), timeoutSeconds: 0.05, inputs, preview: false }));
        expect(late.message).to.equal("timed out; the simulated cloud continues the operation");
        const interrupted = await refusal(() =>
            provider.create({ ...operation(CLUSTER), cancelled: AbortSignal.abort(), inputs, preview: false }),
        );
        expect(interrupted.message).to.equal("interrupted; the simulated cloud continues the operation");
    });

    it("explains how to start a cloud that does not answer", async () => {
        await close();
        const inputs = await checked(CLUSTER, cluster);
        const stopped = await refusal(() => provider.create({ ...operation(CLUSTER), inputs, preview: false }));
        expect(stopped.message).to.match(
            /^the simulated Google Cloud does not answer \(.*cloud\.sock: .*ENOENT.*\)\. `npm run sandbox:status`.*`npm start` starts it$/,
        );
        const unset = await refusal(() => gcpProvider(undefined).read({ ...operation(CLUSTER), id: "x", inputs, outputs: {} }));
        expect(unset.message).to.contain("SANDBOX_CLOUD_SOCKET is not set");
    });

    describe("functions", () => {
        const invoke = async (token: string, args: Properties) => provider.invoke?.(token, args);

        it("look up the project", async () => {
            const found = await invoke("gcp:organizations/getProject:getProject", {});
            expect([found?.projectId, found?.number]).to.deep.equal(["p", projectNumber("p")]);
            expect((await invoke("gcp:organizations/getProject:getProject", { projectId: "q" }))?.number).to.equal(projectNumber("q"));
        });

        it("look up the client's configuration, with a secret token", async () => {
            process.env.GOOGLE_OAUTH_ACCESS_TOKEN = "token-of-the-caller";
            const found = await invoke("gcp:organizations/getClientConfig:getClientConfig", {});
            delete process.env.GOOGLE_OAUTH_ACCESS_TOKEN;
            expect([found?.project, found?.region, found?.accessToken]).to.deep.equal(["p", "us-central1", secret("token-of-the-caller")]);
        });

        it("look up a cluster, with its blocks as lists", async () => {
            await createCluster();
            const found = await invoke("gcp:container/getCluster:getCluster", { name: "ml" });
            const { id, endpoint, masterAuths, masterAuth } = found ?? {};
            expect({ id, endpoint, masterAuths, masterAuth }).to.deep.equal({
                id: CLUSTER_ID,
                endpoint: "127.0.0.1:6443",
                masterAuths: [{ clientCertificateConfigs: [{}], clusterCaCertificate: "Q0E=", clientCertificate: "", clientKey: "" }],
                masterAuth: undefined,
            });
        });

        it("look up a repository, with its labels unchanged", async () => {
            const inputs = await checked(REPOSITORY, { repositoryId: "ml-images", format: "DOCKER", labels: { a: "b" } });
            await provider.create({ ...operation(REPOSITORY), inputs, preview: false });
            const found = await invoke("gcp:artifactregistry/getRepository:getRepository", { repositoryId: "ml-images" });
            expect([found?.registryUri, found?.labels]).to.deep.equal([
                "127.0.0.1:5000/us-central1-docker.pkg.dev/p/ml-images",
                { a: "b" },
            ]);
        });

        for (const [token, args, message] of [
            [
                "gcp:container/getCluster:getCluster",
                { name: "none" },
                "Error 404: Not found: projects/p/locations/us-central1/clusters/none",
            ],
            ["gcp:container/getCluster:getCluster", {}, 'the argument "name" is required'],
            ["gcp:artifactregistry/getRepository:getRepository", { repositoryId: "none" }, "Error 404: Requested entity was not found"],
            [
                "gcp:artifactregistry/getDockerImage:getDockerImage",
                { location: "us-central1", repositoryId: "none", imageName: "digits:v1" },
                "Error 404: Requested entity was not found: projects/p/locations/us-central1/repositories/none",
            ],
            [
                "gcp:compute/getZones:getZones",
                {},
                "has no function gcp:compute/getZones:getZones; it has gcp:organizations/getProject:getProject, ",
            ],
        ] as const) {
            it(`refuse ${token} ${JSON.stringify(args)}`, async () => {
                expect((await refusal(() => invoke(token, args))).message).to.contain(message);
            });
        }
    });
});
