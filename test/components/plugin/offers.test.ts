import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { soundInputs } from "../../../components/plugin/inputs";
import type { Created } from "../../../components/plugin/offer";
import { offers } from "../../../components/plugin/offers/all";
import { record, valueOf, waitsFor, type RecordOptions, type Recording } from "../recorded";
import { given } from "./given";

/** A component with only its required inputs, and the resources that it created. */
async function made(
    name: keyof typeof given,
    edits: pulumi.Inputs = {},
    cloud: RecordOptions = {},
): Promise<[Created["outputs"], Recording]> {
    const offer = offers[name];
    if (offer === undefined) {
        throw new Error(`${name} is not offered`);
    }
    const { plain, linked } = await soundInputs(offer, { ...given[name], ...edits });
    let created: Created | undefined;
    const recording = await record((options) => (created = offer.create("its-name", plain, linked, options)), cloud);
    return [created?.outputs ?? {}, recording];
}

const values = (outputs: Created["outputs"]) => valueOf(pulumi.output(outputs));

describe("the components of the package", () => {
    it("are those that need no file of this project", () => {
        expect(Object.keys(offers)).to.deep.equal(Object.keys(given));
    });

    for (const name of Object.keys(given) as (keyof typeof given)[]) {
        it(`create ${name} with its own type and the outputs in the schema`, async () => {
            const [outputs, recording] = await made(name);
            expect(recording.resources[0]).to.include({ type: `ml-platform:index:${name}`, name: "its-name" });
            expect(Object.keys(outputs)).to.have.members(Object.keys(offers[name]?.outputs.shape ?? {}));
        });
    }

    it("output the addresses of a registry", async () => {
        const [outputs] = await made("ArtifactRegistry", { dockerHubProxy: true });
        expect(await values(outputs)).to.deep.equal({
            repository: "its-name-id",
            registryUri: "registry.example/ml-images",
            cacheUri: "registry.example/ml-images-cache",
            baseImagesUri: "registry.example/ml-images-virtual",
        });
    });

    it("output a subnet that depends on the NAT", async () => {
        const [{ subnetwork }, recording] = await made("Network");
        const nat = recording.one("gcp:compute/routerNat:RouterNat", "its-name-nat").resource;
        expect(await valueOf(subnetwork)).to.equal("links/its-name-subnet");
        expect([...(await dependencies(subnetwork))]).to.include(nat);
    });

    it("create a cluster in the given network, with nodes that pull from the given repository", async () => {
        const [, recording] = await made("GpuCluster");
        expect(recording.one("gcp:container/cluster:Cluster", "its-name").inputs).to.include({
            location: "europe-west4",
            network: "links/net",
            subnetwork: "links/net-subnet",
            deletionProtection: false,
        });
        expect(recording.one("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", "its-name-nodes-pull").inputs).to.include({
            repository: "projects/other/locations/us/repositories/models",
            location: "us",
        });
    });

    it("output a kubeconfig that depends on the nodes, so that its users are deleted first", async () => {
        const [{ kubeconfig }, recording] = await made("GpuCluster");
        const provider = recording.one("pulumi:providers:kubernetes", "its-name-kubernetes");
        expect([...(await dependencies(kubeconfig))]).to.include(provider.resource);
        expect(waitsFor(provider)).to.deep.equal(["its-name-l4", "its-name-system"]);
    });

    it("accept an existing cluster", async () => {
        const cluster = { location: "europe-west4", existing: true };
        const found = { controlPlaneEndpointsConfigs: [{ dnsEndpointConfigs: [{ endpoint: "gke-3c4d.europe-west4.gke.goog" }] }] };
        const none = { network: undefined, subnetwork: undefined, repository: undefined };
        const [{ kubeconfig }, recording] = await made("GpuCluster", { cluster, ...none }, { call: () => found });
        expect(await valueOf(kubeconfig)).to.include("https://gke-3c4d.europe-west4.gke.goog");
        expect(recording.names("gcp:container/cluster:Cluster")).to.deep.equal([]);
        expect(recording.names("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember")).to.deep.equal([]);
    });

    it("create a service on its pool", async () => {
        const [outputs, recording] = await made("InferenceService", { device: "cuda" });
        const { inputs } = recording.one("kubernetes:apps/v1:Deployment", "its-name");
        expect(inputs).to.have.nested.property("spec.template.spec.containers[0].image", given.InferenceService.image);
        expect(inputs).to.have.deep.nested.property("spec.template.spec.nodeSelector", {
            "ml-platform/pool": "l4",
            "cloud.google.com/gke-accelerator": "nvidia-l4",
        });
        expect(await values(outputs)).to.deep.equal({
            deployment: "digits",
            url: "http://digits.models.svc.cluster.local",
            dns: undefined,
        });
    });

    it("create a worker with the configured drain", async () => {
        const [outputs, recording] = await made("Worker", { worker: { name: "scoring", drainSeconds: 3600 } });
        const { inputs } = recording.one("kubernetes:apps/v1:Deployment", "its-name");
        expect(inputs).to.have.nested.property("spec.template.spec.containers[0].image", given.Worker.image);
        expect(inputs).to.have.nested.property("spec.template.spec.terminationGracePeriodSeconds", 3605);
        expect(await values(outputs)).to.deep.equal({ deployment: "scoring" });
    });

    it("create a run with the grace period of its pool", async () => {
        const grace = "spec.template.spec.terminationGracePeriodSeconds";
        const [, onDemand] = await made("TrainingJob");
        expect(onDemand.one("kubernetes:batch/v1:Job", "its-name-first").inputs).to.have.nested.property(grace, 30);
        const [, spot] = await made("TrainingJob", { pool: { ...given.TrainingJob.pool, capacity: ["on-demand", "spot"] } });
        expect(spot.one("kubernetes:batch/v1:Job", "its-name-first").inputs).to.have.nested.property(grace, 15);
    });
});

/** The resources that an output depends on. */
function dependencies(output: pulumi.Input<unknown>): Promise<Set<pulumi.Resource>> {
    return (pulumi.output(output) as unknown as { allResources(): Promise<Set<pulumi.Resource>> }).allResources();
}
