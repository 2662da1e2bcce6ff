import { expect } from "chai";
import { NamedTypes, type JsonSchema } from "../../../components/plugin/named-types";

const text: JsonSchema = { type: "string" };
const bucket: JsonSchema = { type: "object", properties: { bucket: { ...text, description: "Its name" } }, required: ["bucket"] };

/** What an object with one property comes to, and the types that it names. */
function translated(name: string, node: JsonSchema, types = new NamedTypes(["Network"])) {
    const { properties } = types.object({ type: "object", properties: { [name]: node } }, [], {});
    return { property: properties[name], types: types.all() };
}

describe("NamedTypes", () => {
    it("keeps descriptions, scalar defaults and what is required, and marks what is plain", () => {
        const node: JsonSchema = {
            type: "object",
            properties: {
                name: { ...text, description: "Its name" },
                zones: { type: "array", items: text, default: [] },
                size: { type: "integer", default: 3 },
            },
            required: ["name"],
        };
        expect(new NamedTypes([]).object(node, [], { plain: true })).to.deep.equal({
            properties: {
                name: { type: "string", plain: true, description: "Its name" },
                zones: { type: "array", plain: true, items: { type: "string", plain: true }, description: undefined },
                size: { type: "integer", plain: true, default: 3, description: undefined },
            },
            required: ["name"],
        });
    });

    it("names an object by its property, one of a list in the singular", () => {
        const { property, types } = translated("buckets", { type: "array", items: bucket });
        expect(property).to.deep.equal({ type: "array", items: { $ref: "#/types/ml-platform:index:Bucket" }, description: undefined });
        expect(types).to.deep.equal({
            "ml-platform:index:Bucket": {
                type: "object",
                properties: { bucket: { type: "string", description: "Its name" } },
                required: ["bucket"],
            },
        });
    });

    it("names an enumeration, and gives equal ones one name", () => {
        const types = new NamedTypes([]);
        translated("driver", { type: "string", enum: ["default", "latest"] }, types);
        expect(translated("driver", { type: "string", enum: ["default", "latest"] }, types).types).to.deep.equal({
            "ml-platform:index:Driver": { type: "string", enum: [{ value: "default" }, { value: "latest" }] },
        });
    });

    it("takes more of the path where a name is another type's or a component's", () => {
        const types = new NamedTypes(["Network"]);
        translated("bucket", { type: "string", enum: ["one"] }, types);
        const cluster: JsonSchema = { type: "object", properties: { network: bucket, bucket } };
        expect(Object.keys(translated("cluster", cluster, types).types)).to.deep.equal([
            "ml-platform:index:Bucket",
            "ml-platform:index:ClusterNetwork",
            "ml-platform:index:ClusterBucket",
            "ml-platform:index:Cluster",
        ]);
    });

    it("makes one union of nested ones, whose objects are named by their first property", () => {
        const { property, types } = translated("capacity", { anyOf: [{ anyOf: [text, bucket] }, { type: "array", items: text }] });
        expect(property).to.deep.equal({
            oneOf: [{ type: "string" }, { $ref: "#/types/ml-platform:index:Bucket" }, { type: "array", items: { type: "string" } }],
            description: undefined,
        });
        expect(Object.keys(types)).to.deep.equal(["ml-platform:index:Bucket"]);
    });

    it("makes a map of an object with any keys", () => {
        expect(translated("variables", { type: "object", additionalProperties: text }).property).to.deep.equal({
            type: "object",
            additionalProperties: { type: "string" },
            description: undefined,
        });
    });

    it("calls the settings of a component so where its name is all there is", () => {
        expect(Object.keys(translated("network", bucket).types)).to.deep.equal(["ml-platform:index:NetworkSettings"]);
    });

    it("refuses a name that is taken whole, and what Pulumi has no type for", () => {
        const types = new NamedTypes(["Network", "NetworkSettings"]);
        expect(() => translated("network", bucket, types)).to.throw("network: another type or component has this name");
        expect(() => translated("anything", {})).to.throw("anything: no type of Pulumi's package schema stands for {}");
    });
});
