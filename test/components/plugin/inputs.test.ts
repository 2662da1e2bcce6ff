import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { soundInputs } from "../../../components/plugin/inputs";
import type { Offer } from "../../../components/plugin/offer";
import { offers } from "../../../components/plugin/offers/all";
import { record, valueOf } from "../recorded";
import { given } from "./given";

/** A resource with an ID that is unknown during preview. */
class Unbuilt extends pulumi.CustomResource {}

/** The offer of a component, and its required inputs with some replaced. */
function changed(name: keyof typeof given, edits: pulumi.Inputs): readonly [Offer, pulumi.Inputs] {
    const offer = offers[name];
    if (offer === undefined) {
        throw new Error(`${name} is not offered`);
    }
    return [offer, { ...given[name], ...edits }];
}

/** The problems of a component's inputs, by the path of the input. */
async function refusal(name: keyof typeof given, edits: pulumi.Inputs): Promise<Readonly<Record<string, string>>> {
    try {
        await soundInputs(...changed(name, edits));
    } catch (error) {
        if (!pulumi.InputPropertiesError.isInstance(error)) {
            throw error;
        }
        expect(error.message).to.equal("its inputs are not valid, and nothing was created");
        return Object.fromEntries(error.errors.map(({ propertyPath, reason }) => [propertyPath, reason]));
    }
    return {};
}

describe("soundInputs", () => {
    for (const name of Object.keys(given) as (keyof typeof given)[]) {
        it(`accepts only the required inputs of ${name}`, async () => {
            expect(await refusal(name, {})).to.deep.equal({});
        });
    }

    it("fills in every default", async () => {
        const { plain } = await soundInputs(...changed("Network", {}));
        expect(plain).to.deep.equal({ region: "europe-west4", nodes: "10.0.0.0/20", pods: "10.4.0.0/14", services: "10.8.0.0/20" });
    });

    it("accepts a known output as a plain input", async () => {
        const { plain } = await soundInputs(...changed("Network", { region: pulumi.output("us-west1") }));
        expect(plain).to.include({ region: "us-west1" });
    });

    it("refuses values that the schema refuses, all at once", async () => {
        expect(await refusal("ArtifactRegistry", { keepNewest: 0, readers: ["ann"], repositorry: "x", location: undefined })).to.deep.equal(
            {
                keepNewest: "must be at least 1, not 0",
                "readers[0]":
                    'must be an IAM member such as serviceAccount:ci@my-project.iam.gserviceaccount.com (https://cloud.google.com/iam/docs/principal-identifiers), not "ann"',
                repositorry: "is not a known key; the nearest is repository",
                location: "is missing",
            },
        );
    });

    it("refuses linked inputs that are missing or have another form", async () => {
        expect(await refusal("InferenceService", { image: "registry.example/models/digits:latest", namespace: undefined })).to.deep.equal({
            image: 'must be name@sha256:… with 64 hexadecimal digits, not "registry.example/models/digits:latest"',
            namespace: "is missing",
        });
    });

    it("reports the problems of a stack's cross-checks at the path of the input", async () => {
        expect(await refusal("ArtifactRegistry", { location: "europe-west44" })).to.deep.equal({
            location: "europe-west44 is not a region or multi-region of Google Cloud",
        });
        expect(
            await refusal("GpuCluster", {
                cluster: { location: "europe-west4", pools: [{ name: "l4", accelerator: "nvidia-l4", acceleratorCount: 3, maxNodes: 1 }] },
            }),
        ).to.deep.equal({ "cluster.pools[0].acceleratorCount": "no machine type has 3 × nvidia-l4, only 1, 2, 4, 8" });
        expect(await refusal("InferenceService", { service: { name: "digits", gpus: 2 } })).to.have.property("service.gpus");
        expect(await refusal("InferenceService", { service: { name: "digits", replicas: 3 } })).to.have.property("pool.maxNodes");
        expect(await refusal("TrainingJob", { training: { ...given.TrainingJob.training, memory: "1Gi" } })).to.deep.equal({
            "training.memory": "1Gi is less than sharedMemory 8Gi and workingSet 2Gi together, 10Gi",
        });
    });

    it("refuses a new cluster without a network, and an existing one with a network", async () => {
        expect(await refusal("GpuCluster", { network: undefined, subnetwork: undefined })).to.deep.equal({
            network: "is missing: a new cluster needs one",
            subnetwork: "is missing: a new cluster needs one",
        });
        expect(await refusal("GpuCluster", { cluster: { location: "europe-west4", existing: true }, subnetwork: undefined })).to.deep.equal(
            {
                network: "is set together with cluster.existing, but such a cluster has its own",
            },
        );
    });

    it("refuses secrets at any depth of the plain inputs, and does not print them", async () => {
        const variables = { TOKEN: pulumi.secret("hunter2") };
        const refused = await soundInputs(
            ...changed("InferenceService", { project: pulumi.secret("hidden"), service: { name: "digits", variables } }),
        ).catch((error: unknown) => error);
        expect(refused).to.have.property(
            "message",
            "nothing was created: project, service would be plain text in the state; pass values without secrets",
        );
    });

    it("keeps a secret among the linked inputs secret, and does not print it", async () => {
        const { linked } = await soundInputs(...changed("Tensorboard", { image: pulumi.secret("hunter2") }));
        expect(await pulumi.isSecret(linked.image as pulumi.Output<string>)).to.equal(true);
    });

    it("refuses a plain input that is unknown during preview, and accepts an unknown linked one", async () => {
        let id: pulumi.Output<string> | undefined;
        await record((options) => (id = new Unbuilt("test:index:Thing", "thing", {}, options).id), { preview: true, unknownIds: true });
        expect(await refusal("Network", { region: id })).to.deep.equal({
            region: "is unknown until another resource exists, but decides what is created: pass a plain value",
        });
        expect(await refusal("Tensorboard", { namespace: id, image: id })).to.deep.equal({});
    });

    it("passes linked inputs on unchanged", async () => {
        const { linked } = await soundInputs(...changed("GpuCluster", { repository: undefined }));
        expect(await valueOf(linked)).to.deep.equal({ network: "links/net", subnetwork: "links/net-subnet" });
    });
});
