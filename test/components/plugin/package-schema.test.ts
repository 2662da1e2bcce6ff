import { expect } from "chai";
import { offers } from "../../../components/plugin/offers/all";
import { packageSchema } from "../../../components/plugin/package-schema";

const schema = packageSchema({ name: "ml-platform", version: "1.2.3", description: "Components" }, offers);

describe("packageSchema", () => {
    it("describes a component by the schemas that check its inputs", () => {
        expect(schema.resources["ml-platform:index:Network"]).to.deep.equal({
            isComponent: true,
            description: "A network for private nodes: one subnet with ranges for pods and Services, and a NAT.",
            inputProperties: {
                nodes: { type: "string", plain: true, default: "10.0.0.0/20", description: "Range of the nodes" },
                pods: { type: "string", plain: true, default: "10.4.0.0/14", description: "Range of the pods" },
                services: { type: "string", plain: true, default: "10.8.0.0/20", description: "Range of the Services" },
                region: { type: "string", plain: true, description: "Region of subnet and router" },
            },
            requiredInputs: ["region"],
            properties: {
                network: { type: "string", description: "Self link of the network" },
                subnetwork: { type: "string", description: "Self link of the subnet, available once the NAT exists" },
            },
            required: ["network", "subnetwork"],
        });
    });

    it("accepts outputs of other resources as linked inputs, and only plain values as other inputs", () => {
        const plain = Object.entries(schema.resources).map(([token, { inputProperties }]) => [
            token.split(":").at(-1),
            Object.keys(inputProperties).filter((name) => inputProperties[name]?.plain === undefined),
        ]);
        expect(Object.fromEntries(plain)).to.deep.equal({
            ArtifactRegistry: [],
            Network: [],
            GpuCluster: ["network", "subnetwork", "repository"],
            WorkloadNamespace: [],
            InferenceService: ["namespace", "image"],
            Worker: ["namespace", "image"],
            TrainingJob: ["namespace", "image"],
            Tensorboard: ["namespace", "image"],
        });
    });

    it("has the image once, next to the settings of its workload", () => {
        for (const name of ["Service", "Training"]) {
            expect(schema.types[`ml-platform:index:${name}`], name).to.have.property("properties").that.does.not.have.property("image");
        }
    });

    it("has the same type of pools for the cluster and its workloads", () => {
        const pool = { $ref: "#/types/ml-platform:index:Pool", plain: true };
        expect(schema.resources["ml-platform:index:InferenceService"]?.inputProperties.pool).to.deep.include(pool);
        expect(schema.resources["ml-platform:index:TrainingJob"]?.inputProperties.pool).to.deep.include(pool);
        expect(schema.types["ml-platform:index:Cluster"]).to.have.deep.nested.property("properties.pools.items", pool);
    });

    it("names the package, and the languages of SDKs with the same version", () => {
        expect(schema).to.deep.include({ name: "ml-platform", version: "1.2.3", description: "Components" });
        expect(schema.language).to.deep.equal(
            Object.fromEntries(["nodejs", "python", "go", "csharp", "java"].map((name) => [name, { respectSchemaVersion: true }])),
        );
    });
});
