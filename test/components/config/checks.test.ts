import { expect } from "chai";
import * as fc from "fast-check";

import { checkStack, neededSections, reportsOf, rules, workloadsOf } from "../../../components/config/checks";
import type { AnyRule } from "../../../components/config/rule";
import * as admission from "../../../components/cluster/admission/checks";
import * as architecture from "../../../components/workloads/checks/architecture";
import * as build from "../../../components/images/trigger/checks";
import * as cluster from "../../../components/cluster/checks";
import * as deployments from "../../../components/workloads/checks/deployments";
import * as egress from "../../../components/workloads/checks/egress";
import * as environment from "../../../components/project/checks";
import * as images from "../../../components/images/checks";
import * as inference from "../../../components/inference/checks";
import * as maintenance from "../../../components/cluster/maintenance-checks";
import * as poolNames from "../../../components/cluster/pools/name-checks";
import * as namespaces from "../../../components/workloads/checks/namespaces";
import * as network from "../../../components/cluster/network/checks";
import { fitting, nodesFor } from "../../../components/workloads/placement/packing";
import * as poolZones from "../../../components/cluster/pools/zone-checks";
import * as podSize from "../../../components/workloads/checks/pod-size";
import * as pools from "../../../components/cluster/pools/checks";
import * as queuedPools from "../../../components/workloads/checks/queued-pools";
import * as registry from "../../../components/registry/checks";
import * as namedImages from "../../../components/images/named-image-checks";
import * as queues from "../../../components/cluster/queues/checks";
import * as secrets from "../../../components/workloads/checks/secrets";
import * as training from "../../../components/training/checks";
import * as variables from "../../../components/workloads/checks/variables";
import * as volumes from "../../../components/workloads/checks/volumes";
import * as workloads from "../../../components/workloads/checks/workloads";
import type { RunConfig } from "../../../components/training/config";
import type { NamedImage } from "../../../components/images/named-images";
import { poolNodes, type PoolNode } from "../../../components/workloads/placement/pool-nodes";
import type { ClusterConfig } from "../../../components/cluster/config";
import { parseConfig } from "../../../components/config/load";
import type { StackConfig } from "../../../components/config/stack";
import type { ServiceConfig } from "../../../components/inference/config";
import { sound } from "../bad-stacks";
import { imagesWith, namedImage } from "../settings";
import { soundConfigs } from "../sound-configs";

/** Checks a property of generated stacks that pass every rule. The first failing stack is not shrunk, because that takes minutes. */
const forSoundStacks = (numRuns: number, check: (config: StackConfig) => void): void => {
    fc.assert(
        fc.property(soundConfigs, (raw) => {
            check(parseConfig(raw, "dev"));
        }),
        { numRuns, endOnFailure: true },
    );
};

const given = <T>(value: T | undefined): T => {
    if (value === undefined) {
        throw new Error("absent");
    }
    return value;
};

const binaryAuthorization = { buildProject: "my-project", exempt: [] };

type Pool = ClusterConfig["pools"][number];

const withMaintenance = (config: StackConfig, change: Partial<ClusterConfig["maintenance"]>): StackConfig =>
    withCluster(config, { maintenance: { ...given(config.cluster).maintenance, ...change } });

const withCluster = (config: StackConfig, change: Partial<ClusterConfig>): StackConfig => ({
    ...config,
    cluster: { ...given(config.cluster), ...change },
});
const withPools = (config: StackConfig, change: (pool: Pool) => Partial<Pool>): StackConfig =>
    withCluster(config, { pools: given(config.cluster).pools.map((pool) => ({ ...pool, ...change(pool) })) });
const withServices = (config: StackConfig, change: (service: ServiceConfig) => Partial<ServiceConfig>): StackConfig => ({
    ...config,
    inference: {
        ...given(config.inference),
        services: given(config.inference).services.map((service) => ({ ...service, ...change(service) })),
    },
});
const withTraining = (config: StackConfig, change: Partial<RunConfig>): StackConfig => ({
    ...config,
    training: {
        ...given(config.training),
        tensorboard: change.tensorboard === true ? { checkpoints: { bucket: "logs" }, image: "training" } : undefined,
        runs: given(config.training).runs.map((run) => ({ ...run, ...change })),
    },
});
const withImages = (config: StackConfig, change: Partial<NonNullable<StackConfig["images"]>>): StackConfig => ({
    ...config,
    images: { ...given(config.images), ...change },
});
/** A stack with this many runs of one ID. */
const withRuns = (config: StackConfig, count: number, change: Partial<RunConfig>): StackConfig => {
    const { training: section } = withTraining(config, change);
    return { ...config, training: { ...given(section), runs: Array<RunConfig>(count).fill(given(given(section).runs[0])) } };
};
const withEachImage = (config: StackConfig, change: Partial<NamedImage>): StackConfig =>
    withImages(config, {
        variant: change.variant ?? given(config.images).variant,
        platforms: change.platforms ?? given(config.images).platforms,
        named: given(config.images).named.map((image) => ({ ...image, ...change })),
    });
const withBuild = (config: StackConfig, change: Partial<NonNullable<StackConfig["build"]>>): StackConfig => ({
    ...config,
    build: { ...given(parseConfig(sound, "dev").build), ...change },
});
const nodeOf = ({ cluster }: StackConfig, pool: string): PoolNode => given(poolNodes(cluster).get(pool));
const unitsOf = (config: StackConfig, pool: string): number => nodeOf(config, pool).gpus;

/** The problems that one rule reports for a stack. */
const reportsOfRule = (rule: AnyRule, config: StackConfig) => reportsOf([rule], { ...config, workloads: workloadsOf(config) });

/** For each rule, an edit that makes any valid stack break it. */
const counterexamples = new Map<AnyRule, (config: StackConfig) => StackConfig>([
    [environment.namedProject, (config) => ({ ...config, project: "" })],
    [environment.knownRegion, (config) => ({ ...config, region: `${config.region}1` })],
    [environment.namedProduction, (config) => ({ ...config, stack: "production" })],
    [neededSections, (config) => ({ ...config, images: undefined })],
    [build.oneRepository, (config) => withBuild(config, { github: undefined })],
    [build.triggerForImages, (config) => ({ ...withImages(config, { from: "cloud-build" }), build: undefined })],
    [
        build.onePlatformEach,
        (config) =>
            withImages(config, {
                from: "cloud-build",
                fromSource: [{ ...namedImage("inference"), platforms: ["linux/amd64", "linux/arm64"] }],
            }),
    ],
    [build.productionApproval, (config) => ({ ...withBuild(config, { approval: false }), environment: "prod" })],
    [images.productionTakesReleases, (config) => ({ ...config, environment: "prod" })],
    [
        images.releasesByDigest,
        (config) =>
            withImages(config, { from: "release", release: { images: { inference: "inference:latest", training: "training:latest" } } }),
    ],
    [
        images.releasesNameTheirVariant,
        (config) => withImages(config, { from: "release", release: { images: {}, commit: "1" }, requestedVariant: undefined }),
    ],
    [
        images.variantAsBuilt,
        (config) => withImages(config, { from: "release", release: { images: {}, variant: "gpu" }, requestedVariant: "cpu" }),
    ],
    [images.cpuImagesAreAskedFor, (config) => withImages(config, { variant: "cpu", requestedVariant: undefined })],
    [images.readableCaBundle, (config) => withImages(config, { caBundle: "certificates/absent.pem" })],
    [build.triggerBuildsImages, (config) => ({ ...withBuild(config, {}), images: undefined, inference: undefined, training: undefined })],
    [images.derivedArguments, (config) => withImages(config, { buildArguments: { ENABLE_GPU: "true" } })],
    [images.noSecretArguments, (config) => withImages(config, { buildArguments: { HF_TOKEN: "abc" } })],
    [images.gpuImagesForAmd64, (config) => withEachImage(config, { variant: "gpu", platforms: ["linux/arm64"] })],
    [architecture.imagesForNodes, (config) => withEachImage(config, { platforms: [] })],
    [namedImages.imageNames, (config) => withEachImage(config, { name: "Ranking" })],
    [namedImages.imagesHaveASource, (config) => withEachImage(config, { build: undefined })],
    [
        namedImages.oneSource,
        (config) => {
            const { named, listed } = imagesWith({ ranking: { context: "docker/worker", use: `r/ranking@sha256:${"a".repeat(64)}` } });
            return withImages(config, { named, listed });
        },
    ],
    [namedImages.imagesExist, (config) => withImages(config, { named: [] })],
    [
        registry.uniqueMembers,
        (config) => ({ ...config, registry: { ...given(config.registry), writers: ["user:a@example.com", "user:a@example.com"] } }),
    ],
    [network.networkRanges, (config) => withCluster(config, { network: { ...given(config.cluster).network, nodes: "0.0.0.0/0" } })],
    [maintenance.maintenanceWindow, (config) => withMaintenance(config, { recurrence: "every saturday" })],
    [
        maintenance.maintenanceExclusions,
        (config) =>
            withMaintenance(config, { exclusions: [{ name: "launch", start: "2026-12-01T00:00:00Z", end: "2026-11-01T00:00:00Z" }] }),
    ],
    [
        poolNames.uniqueNodePools,
        (config) =>
            withCluster(config, {
                pools: given(config.cluster).pools.flatMap((pool) => [
                    { ...pool, capacity: ["on-demand", "spot"] },
                    { ...pool, name: `${pool.name}-spot`, capacity: ["spot"] },
                ]),
            }),
    ],
    [poolNames.uniqueCapacities, (config) => withPools(config, ({ capacity: [source] }) => ({ capacity: [given(source), given(source)] }))],
    [namespaces.ownNamespaces, (config) => ({ ...config, training: { ...given(config.training), namespace: "kube-system" } })],
    [deployments.freeNames, (config) => withServices(config, () => ({ name: "default-deny" }))],
    [volumes.freePaths, (config) => withServices(config, () => ({ volumes: [{ claim: "files", path: "/tmp", readOnly: true }] }))],
    [
        volumes.cachesAreRead,
        (config) => withServices(config, () => ({ volumes: [{ bucket: "files", path: "/files", readOnly: false, cache: "1Gi" }] })),
    ],
    [
        secrets.distinctSecrets,
        (config) =>
            withServices(config, () => ({ secrets: ["1", "2"].map((version) => ({ secret: "hf-token", version, file: "hf-token" })) })),
    ],
    [
        secrets.freeSecretVariables,
        (config) => withServices(config, () => ({ secrets: [{ secret: "port", version: "1", variable: "PORT" }] })),
    ],
    [
        secrets.secretManagerOn,
        (config) =>
            withServices(withCluster(config, { secretManager: false }), () => ({
                secrets: [{ secret: "hf-token", version: "1", file: "hf-token" }],
            })),
    ],
    [
        training.uniqueClaims,
        (config) => withTraining(config, { checkpoints: { claim: "runs", size: "1Gi" }, data: { claim: "runs", size: "2Gi" } }),
    ],
    [pools.notShutDown, (config) => withPools(config, () => ({ accelerator: "nvidia-tesla-p100" }))],
    [pools.driverOfAccelerator, (config) => withPools(config, () => ({ accelerator: "nvidia-b200", driver: "default" }))],
    [pools.flexStartFromZero, (config) => withPools(config, () => ({ capacity: ["flex-start"], minNodes: 1 }))],
    [poolZones.compactPlacement, (config) => withPools(config, () => ({ accelerator: "nvidia-tesla-t4", compactPlacement: true }))],
    [registry.registryLocation, (config) => ({ ...config, registry: { ...given(config.registry), location: "us1" } })],
    [cluster.clusterLocation, (config) => withCluster(config, { location: `${config.region}-z` })],
    [
        registry.keyInItsLocation,
        (config) => ({
            ...config,
            registry: { ...given(config.registry), kmsKey: "projects/keys/locations/global/keyRings/ring/cryptoKeys/key" },
        }),
    ],
    [
        admission.attestedBuilds,
        (config) => ({ ...withCluster(config, { binaryAuthorization }), environment: "dev", images: imagesWith({ from: "build" }) }),
    ],
    [
        admission.attestedPlatforms,
        (config) => {
            const images = { ...imagesWith({ from: "build", platforms: ["linux/amd64", "linux/arm64"] }), from: "release" } as const;
            return { ...withCluster(config, { binaryAuthorization }), images };
        },
    ],
    [
        images.releaseOfBuildProject,
        (config) => {
            const use = `us-central1-docker.pkg.dev/another-project/ml-images/digits@sha256:${"a".repeat(64)}`;
            return { ...withCluster(config, { binaryAuthorization }), images: { ...imagesWith({ digits: { use } }), from: "release" } };
        },
    ],
    [
        admission.exemptWithRegistry,
        (config) => ({
            ...withCluster(config, { binaryAuthorization }),
            registry: { ...given(config.registry), dockerHubProxy: false },
            images: imagesWith({ from: "cloud-build", redis: { use: `redis@sha256:${"a".repeat(64)}` } }),
        }),
    ],
    [admission.imagesToAdmit, (config) => ({ ...withCluster(config, { binaryAuthorization }), images: undefined })],
    [admission.ownCluster, (config) => withCluster(config, { binaryAuthorization, existing: true })],
    [cluster.publicEndpointIsGuarded, (config) => withCluster(config, { publicEndpoint: true })],
    [cluster.authorizedNetworksAreNarrow, (config) => withCluster(config, { authorizedNetworks: [{ name: "all", cidr: "0.0.0.0/0" }] })],
    [
        pools.systemMachine,
        (config) => withCluster(config, { systemPool: { ...given(config.cluster).systemPool, machineType: "g2-standard-4" } }),
    ],
    [poolNames.uniquePools, (config) => withPools(config, () => ({ name: "system" }))],
    [poolNames.computeClassName, (config) => withPools(config, () => ({ name: "gke-gpu", capacity: ["on-demand", "spot"] }))],
    [pools.acceleratorOnMachine, (config) => withPools(config, ({ acceleratorCount }) => ({ acceleratorCount: 2 * acceleratorCount + 1 }))],
    [
        pools.obtainable,
        (config) =>
            withPools(config, () => ({
                accelerator: "nvidia-gb200",
                acceleratorCount: 4,
                machineType: "a4x-highgpu-4g",
                capacity: ["spot"],
            })),
    ],
    [pools.partitions, (config) => withPools(config, () => ({ mig: "9g.999gb" }))],
    [pools.localSsds, (config) => withPools(config, () => ({ localSsds: 33 }))],
    [poolZones.poolZones, (config) => withPools(config, () => ({ zones: [`${config.region}-z`] }))],
    [pools.poolBounds, (config) => withPools(config, ({ maxNodes }) => ({ minNodes: maxNodes + 1 }))],
    [pools.upgradeMoves, (config) => withPools(config, () => ({ upgrade: { strategy: "surge", maxSurge: 0, maxUnavailable: 0 } }))],
    [
        deployments.uniqueNames,
        (config) => ({
            ...config,
            inference: { ...given(config.inference), services: [...given(config.inference).services, ...given(config.inference).services] },
        }),
    ],
    [workloads.poolExists, (config) => withServices(config, () => ({ pool: "elsewhere" }))],
    [podSize.gpusFit, (config) => withServices(config, ({ pool }) => ({ gpus: unitsOf(config, pool) + 1 }))],
    [
        podSize.oneSharedGpu,
        (config) =>
            withServices(
                withPools(config, () => ({ sharing: { strategy: "time-sharing", clients: 2 } })),
                () => ({ gpus: 2 }),
            ),
    ],
    [workloads.noMpsUnderRestricted, (config) => withPools(config, () => ({ sharing: { strategy: "mps", clients: 2 } }))],
    [podSize.cpuFits, (config) => withServices(config, ({ pool }) => ({ cpu: `${nodeOf(config, pool).cpuMillis + 1}m` }))],
    [
        podSize.memoryFits,
        (config) => withServices(config, ({ pool }) => ({ memory: `${Math.floor(nodeOf(config, pool).memoryBytes / 2 ** 20) + 1}Mi` })),
    ],
    [podSize.ephemeralStorageFits, (config) => withServices(config, () => ({ ephemeralStorage: "45Gi" }))],
    [
        deployments.oneScale,
        (config) => withServices(config, () => ({ replicas: 1, autoscaling: { min: 1, max: 1, metric: "requests-in-flight", target: 8 } })),
    ],
    [
        deployments.autoscalingBounds,
        (config) => withServices(config, () => ({ autoscaling: { min: 2, max: 1, metric: "requests-in-flight", target: 8 } })),
    ],
    [
        inference.dutyCycleWithoutSharing,
        (config) =>
            withServices(
                withPools(config, () => ({ sharing: { strategy: "time-sharing", clients: 2 } })),
                () => ({ autoscaling: { min: 1, max: 1, metric: "gpu-duty-cycle", target: 60 } }),
            ),
    ],
    [egress.oneDestination, (config) => withTraining(config, { egress: [{ ports: [443] }] })],
    [egress.egressHosts, (config) => withServices(config, () => ({ egress: [{ host: "redis.cache.svc", ports: [6379] }] }))],
    [egress.egressRanges, (config) => withServices(config, () => ({ egress: [{ cidr: "10.0.0.1/8", ports: [5432] }] }))],
    [egress.egressNamespaces, (config) => withTraining(config, { egress: [{ namespace: "ML_Flow", ports: [5000] }] })],
    [
        inference.dutyCycleIsPercentage,
        (config) => withServices(config, () => ({ autoscaling: { min: 1, max: 1, metric: "gpu-duty-cycle", target: 101 } })),
    ],
    [
        inference.uniqueHosts,
        (config) => {
            const twice = {
                ...config,
                inference: {
                    ...given(config.inference),
                    services: [...given(config.inference).services, ...given(config.inference).services],
                },
            };
            return withServices(twice, () => ({ public: { host: "predict.example.com", paths: ["/predict"] } }));
        },
    ],
    [
        inference.publicReadiness,
        (config) =>
            withServices(config, ({ probes }) => ({
                public: { host: "predict.example.com", paths: ["/predict"] },
                probes: { ...probes, ready: { command: ["true"], timeoutSeconds: 3 } },
            })),
    ],
    [deployments.memoryBesidesSharedMemory, (config) => withServices(config, ({ memory }) => ({ sharedMemory: memory }))],
    [queues.queuesHavePools, (config) => withCluster(config, { queues: true, pools: [] })],
    [queues.queueExists, (config) => withTraining(withCluster(config, { queues: true, existing: false }), { queue: "unheard" })],
    [
        queues.kueueNamespace,
        (config) => ({ ...withCluster(config, { queues: true }), training: { ...given(config.training), namespace: "kueue-system" } }),
    ],
    [queues.priorityOfQueued, (config) => withTraining(config, { queue: undefined, priority: "high" })],
    [training.namedRuns, (config) => ({ ...config, training: { ...given(config.training), runId: undefined } })],
    [training.uniqueRuns, (config) => withRuns(config, 2, {})],
    [training.oneRunPerDisk, (config) => withRuns(config, 2, { checkpoints: { claim: "runs", size: "10Gi" } })],
    [training.memoryForSharedMemory, (config) => withTraining(config, { memory: "1Mi" })],
    [training.sharedStorage, (config) => withTraining(config, { nodes: 2, data: { claim: "digits", size: "10Gi" } })],
    [pools.queuedCapacity, (config) => withPools(config, () => ({ queuedProvisioning: true, capacity: ["on-demand"] }))],
    [
        queuedPools.queuedRuns,
        (config) =>
            withTraining(
                withPools(config, () => ({ capacity: ["flex-start"], queuedProvisioning: false })),
                { nodes: 2 },
            ),
    ],
    [queuedPools.queuedServices, (config) => withPools(config, () => ({ queuedProvisioning: true }))],
    [
        training.spotGrace,
        (config) =>
            withTraining(
                withPools(config, () => ({ capacity: ["spot"] })),
                { graceSeconds: 16 },
            ),
    ],
    [
        training.tensorboardImage,
        (config) => withTraining(withImages(config, { buildArguments: { TRACKERS: "none" } }), { tensorboard: true }),
    ],
    [variables.noDerivedVariables, (config) => withServices(config, () => ({ variables: { PORT: "9000" } }))],
    [variables.noSecretVariables, (config) => withTraining(config, { variables: { WANDB_API_KEY: "0123456789abcdef" } })],
    [variables.tensorboardTracker, (config) => withTraining(config, { tensorboard: true, variables: { TRACKERS: "mlflow" } })],
    [
        workloads.poolsSuffice,
        (config) => withServices(config, ({ pool }) => ({ autoscaling: undefined, replicas: unitsOf(config, pool) * 100 })),
    ],
]);

const ruleNames = new Map<unknown, string>(
    Object.entries({
        ...architecture,
        ...build,
        ...cluster,
        ...deployments,
        ...egress,
        ...environment,
        ...images,
        ...inference,
        ...maintenance,
        ...namespaces,
        ...network,
        ...pools,
        ...poolNames,
        ...poolZones,
        ...queuedPools,
        ...namedImages,
        ...queues,
        ...training,
        ...variables,
        ...workloads,
        neededSections,
    }).map(([name, rule]) => [rule, name] as const),
);

describe("rules", () => {
    it("hold for every generated sound stack", () => {
        forSoundStacks(100, (config) => {
            expect(checkStack(config)).to.deep.equal([]);
        });
    });

    it("each have a counterexample", () => {
        expect([...counterexamples.keys()]).to.have.members(rules);
    });

    for (const [rule, broken] of counterexamples) {
        it(`${ruleNames.get(rule)} refuses every generated stack that breaks it`, () => {
            forSoundStacks(20, (config) => {
                expect(reportsOfRule(rule, config)).to.deep.equal([]);
                expect(reportsOfRule(rule, broken(config))).to.not.deep.equal([]);
            });
        });
    }

    it("are silent about values that depend on guessed ones", () => {
        const config = withTraining(parseConfig(sound, "dev"), { memory: "1Gi", graceSeconds: 60 });
        const keys = (guessed: readonly string[]) => checkStack(config, guessed).map(({ key }) => key);
        expect(keys([])).to.deep.equal(["ml-platform:training.memory", "ml-platform:training.graceSeconds"]);
        expect(keys(["ml-platform:cluster.pools[1].accelerator"])).to.deep.equal(["ml-platform:training.memory"]);
        expect(keys(["ml-platform:training"])).to.deep.equal([]);
    });

    it("are silent about an image that depends on guessed values", () => {
        const build = withTraining(withImages(parseConfig(sound, "dev"), { buildArguments: { TRACKERS: "none" } }), { tensorboard: true });
        const reported = (config: StackConfig, ...guessed: readonly string[]) => checkStack(config, guessed).map(({ key }) => key);
        expect(reported(build)).to.deep.equal(["ml-platform:images.buildArguments.TRACKERS"]);
        expect(reported(build, "ml-platform:training.tensorboard")).to.deep.equal([]);
        expect(reportsOfRule(training.tensorboardImage, withImages(build, { from: "release" }))).to.deep.equal([]);
        const cpu = withImages(parseConfig(sound, "dev"), { variant: "cpu", requestedVariant: undefined });
        expect(reported(cpu)).to.deep.equal(["ml-platform:images.variant"]);
        expect(reported(cpu, "ml-platform:cluster")).to.deep.equal([]);
        expect(reported(cpu, "ml-platform:images.release.variant")).to.deep.equal([]);
    });

    it("reject the largest pod of a published blueprint: 8 GPUs on nodes with 2", () => {
        const config = withServices(parseConfig(sound, "dev"), () => ({ gpus: 8 }));
        expect(reportsOfRule(podSize.gpusFit, config).map(({ problem }) => problem)).to.deep.equal([
            "a pod requests 8 GPUs, but a node of pool serving has 2",
        ]);
    });
});

describe("packing", () => {
    it("places small pods next to large ones", () => {
        expect(
            nodesFor(
                [
                    { size: [1, 1], count: 2 },
                    { size: [3, 1], count: 2 },
                ],
                [4, 8],
            ),
        ).to.equal(2);
    });

    it("opens a node when any resource is used up", () => {
        expect(nodesFor([{ size: [1, 5], count: 2 }], [4, 8])).to.equal(2);
    });

    it("needs no nodes without pods", () => {
        expect(nodesFor([], [4, 8])).to.equal(0);
    });

    it("packs a billion pods as fast as one", () => {
        expect(nodesFor([{ size: [1, 1], count: 1e9 }], [4, 8])).to.equal(2.5e8);
    });

    it("counts the pods that fit", () => {
        expect([fitting([4, 8], [1, 3]), fitting([4, 8], [0, 3]), fitting([4, 8], [5, 1])]).to.deep.equal([2, 2, 0]);
    });

    it("never needs fewer nodes than the scarcest resource, nor more than pods", () => {
        const group = fc.record({
            size: fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 100 })),
            count: fc.integer({ min: 1, max: 20 }),
        });
        fc.assert(
            fc.property(fc.array(group, { maxLength: 5 }), (groups) => {
                const node = [8, 100];
                const nodes = nodesFor(groups, node);
                const demand = (resource: 0 | 1): number => groups.reduce((sum, { size, count }) => sum + size[resource] * count, 0);
                const pods = groups.reduce((sum, { count }) => sum + count, 0);
                expect(nodes).to.be.at.least(Math.ceil(Math.max(demand(0) / 8, demand(1) / 100)));
                expect(nodes).to.be.at.most(pods);
            }),
        );
    });
});
