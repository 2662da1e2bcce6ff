import { expect } from "chai";
import { NamedTypes, type JsonSchema } from "../../../components/plugin/named-types";

const text: JsonSchema = { type: "string" };
const bucket: JsonSchema = { type: "object", properties: { bucket: { ...text, description: "Its name" } }, required: ["bucket"] };

/** The translated property of an object, and the named types. */
function translated(name: string, node: JsonSchema, types = new NamedTypes(["Network"])) {
    const { properties } = types.object({ type: "object", properties: { [name]: node } }, [], {});
    return { property: properties[name], types: types.all() };
}

describe("NamedTypes", () => {
    it("keeps descriptions, scalar defaults and required properties, and marks plain ones", () => {
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

    it("names an object after its property, and an object in a list in the singular", () => {
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

    it("names an enumeration, and equal ones by the same name", () => {
        const types = new NamedTypes([]);
        translated("driver", { type: "string", enum: ["default", "latest"] }, types);
        expect(translated("driver", { type: "string", enum: ["default", "latest"] }, types).types).to.deep.equal({
            "ml-platform:index:Driver": { type: "string", enum: [{ value: "default" }, { value: "latest" }] },
        });
    });

    it("uses more of the path if another type or component has the name", () => {
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

    it("flattens nested unions, and names their objects after the first property", () => {
        const { property, types } = translated("capacity", { anyOf: [{ anyOf: [text, bucket] }, { type: "array", items: text }] });
        expect(property).to.deep.equal({
            oneOf: [{ type: "string" }, { $ref: "#/types/ml-platform:index:Bucket" }, { type: "array", items: { type: "string" } }],
            description: undefined,
        });
        expect(Object.keys(types)).to.deep.equal(["ml-platform:index:Bucket"]);
    });

    it("translates an object with any keys to a map", () => {
        expect(translated("variables", { type: "object", additionalProperties: text }).property).to.deep.equal({
            type: "object",
            additionalProperties: { type: "string" },
            description: undefined,
        });
    });

    it("adds Settings to the name of a component if the path has no other word", () => {
        expect(Object.keys(translated("network", bucket).types)).to.deep.equal(["ml-platform:index:NetworkSettings"]);
    });

    it("refuses a path if all of its names are taken, and a schema without a type in Pulumi", () => {
        const types = new NamedTypes(["Network", "NetworkSettings"]);
        expect(() => translated("network", bucket, types)).to.throw("network: another type or component has this name");
        expect(() => translated("anything", {})).to.throw("anything: no type of Pulumi's package schema stands for {}");
    });
});
