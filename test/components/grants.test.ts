import { expect } from "chai";
import { ArtifactRegistry } from "../../components/registry/artifact-registry";
import { BuildTrigger } from "../../components/images/trigger/build-trigger";
import { GpuCluster } from "../../components/cluster/gpu-cluster";
import { roles } from "./iam.json";
import { record, type Recording } from "./recorded";
import { build, cluster, images, registry } from "./settings";

const project = "my-project";
const network = { network: "links/network", subnetwork: "links/subnet" };
const settings = {
    ...{ readers: ["user:reader"], writers: ["user:writer"], consumers: ["123456789012"] },
    ...{ dockerHubProxy: true, kmsKey: "projects/p/locations/us-central1/keyRings/r/cryptoKeys/key" },
};
const CONSUMER = "principalSet://cloudresourcemanager.googleapis.com/projects/123456789012/type/ServiceAccount";
const AGENTS = CONSUMER.replace("ServiceAccount", "ServiceAgent");

/** The permissions of a member on a resource, from all of its roles there. */
function permissions(recording: Recording, member: string, on: string): string[] {
    const granted = recording.resources.map(({ inputs }) => inputs).filter((inputs) => inputs.member === member);
    const there = granted.filter(({ repository, project, cryptoKeyId }) => [repository, project, cryptoKeyId].includes(on));
    return there.flatMap(({ role }) => permissionsOf(role as string));
}

function permissionsOf(role: string): string[] {
    const found = (roles as Record<string, string[]>)[role];
    if (found === undefined) {
        throw new Error(`test/components/iam.json lacks ${role}`);
    }
    return found;
}

const PULL = ["artifactregistry.repositories.downloadArtifacts"];
const PUSH = [...PULL, "artifactregistry.repositories.uploadArtifacts", "artifactregistry.tags.create", "artifactregistry.tags.update"];
const PULL_THROUGH = [...PULL, "artifactregistry.repositories.readViaVirtualRepository"];
const NODES = "serviceAccount:cluster-nodes@example";
const BUILDS = "serviceAccount:build-account@example";
const AGENT = "serviceAccount:registry-agent@example";

describe("the grants of the stack", () => {
    let recording: Recording;
    before(async () => {
        recording = await record((options) => {
            const repositories = new ArtifactRegistry("registry", { ...registry, ...settings, project, releasedImages: [] }, options);
            const source = { images, environment: "dev", registry: repositories };
            new BuildTrigger("build", { ...build, ...source, project, region: "us-central1" }, options);
            const { images: own, baseImages } = repositories;
            new GpuCluster("cluster", { project, cluster: cluster(), network, images: own, baseImages }, options);
        });
    });

    // The permissions that the calls of each identity require.
    for (const [who, member, on, needed] of [
        ["nodes pull images", NODES, "registry-id", PULL],
        ["nodes stream images", NODES, project, ["serviceusage.services.use"]],
        ["nodes write logs and metrics", NODES, project, ["logging.logEntries.create", "monitoring.timeSeries.create"]],
        ["the trigger pushes images", BUILDS, "registry-id", PUSH],
        ["the trigger reads and moves the cache", BUILDS, "registry-cache-id", PUSH],
        ["the trigger pulls base images", BUILDS, "registry-virtual-id", PULL_THROUGH],
        ["the trigger pulls base images through the proxy", BUILDS, "registry-docker-hub-id", PULL_THROUGH],
        ["nodes pull images of Docker Hub", NODES, "registry-virtual-id", PULL_THROUGH],
        ["nodes pull images of Docker Hub through the proxy", NODES, "registry-docker-hub-id", PULL_THROUGH],
        ["the trigger writes logs", BUILDS, project, ["logging.logEntries.create"]],
        ["a submitted build reads its source", BUILDS, project, ["storage.objects.get"]],
        ["writers push images", "user:writer", "registry-id", PUSH],
        ["writers read and move the cache", "user:writer", "registry-cache-id", PUSH],
        ["writers pull base images", "user:writer", "registry-virtual-id", PULL_THROUGH],
        ["writers pull base images through the proxy", "user:writer", "registry-docker-hub-id", PULL_THROUGH],
        ["readers pull images", "user:reader", "registry-id", PULL],
        ["readers pull base images", "user:reader", "registry-virtual-id", PULL_THROUGH],
        ["the projects that run the images pull them", CONSUMER, "registry-id", PULL],
        ["the service agents of these projects read them", AGENTS, "registry-id", PULL],
        ["the projects that run the images require their attestor", CONSUMER, project, ["binaryauthorization.attestors.get"]],
        ["their service agents verify attestations", AGENTS, project, ["binaryauthorization.attestors.verifyImageAttested"]],
        [
            "Artifact Registry encrypts with the key",
            AGENT,
            settings.kmsKey,
            ["cloudkms.cryptoKeyVersions.useToEncrypt", "cloudkms.cryptoKeyVersions.useToDecrypt"],
        ],
    ] as const) {
        it(`suffice: ${who}`, () => {
            expect(permissions(recording, member, on)).to.include.members([...needed]);
        });
    }

    it("do not let identities push that only pull", () => {
        for (const member of [NODES, CONSUMER, "user:reader"]) {
            expect(permissions(recording, member, "registry-id")).not.to.include("artifactregistry.repositories.uploadArtifacts");
            expect(permissions(recording, member, "registry-cache-id")).to.deep.equal([]);
        }
    });
});
