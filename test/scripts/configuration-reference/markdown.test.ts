import { expect } from "chai";
import { z } from "zod";
import { sections } from "../../../components/config/sections";
import { configurationReference } from "../../../scripts/configuration-reference/markdown";

/** The tables of a reference, without its introduction. */
const tables = (reference: Parameters<typeof configurationReference>[0]): string =>
    configurationReference(reference).split("## ").slice(1).join("## ");

describe("the configuration reference", () => {
    it("lists each key with its type, default and description", () => {
        const schema = z.strictObject({
            name: z.string().describe("Name of the thing"),
            kind: z.enum(["small", "large"]).default("small").describe("Its kind"),
            count: z.int().min(1).default(2).describe("How many"),
            seconds: z.int().max(600).optional().describe("How long"),
            zones: z.array(z.string()).default([]).describe("Where"),
            labels: z.record(z.string(), z.string()).default({}).describe("Labels"),
        });
        expect(tables({ thing: { schema } })).to.equal(
            [
                "thing",
                "",
                "| Key | Type | Default | Description |",
                "| --- | --- | --- | --- |",
                "| `name` | string | required | Name of the thing. |",
                "| `kind` | `small`, `large` | `small` | Its kind. |",
                "| `count` | integer ≥ 1 | `2` | How many. |",
                "| `seconds` | integer ≤ 600 |  | How long. |",
                "| `zones` | list of string | `[]` | Where. |",
                "| `labels` | map of string |  | Labels. |",
                "",
            ].join("\n"),
        );
    });

    it("lists the fields of objects, lists of objects and unions", () => {
        const schema = z.strictObject({
            network: z.strictObject({ nodes: z.string().default("10.0.0.0/20") }).prefault({}),
            pools: z.array(z.strictObject({ name: z.string() })),
            storage: z.union([z.strictObject({ bucket: z.string() }), z.strictObject({ claim: z.string(), size: z.string().optional() })]),
        });
        const keys = tables({ thing: { schema } }).split("\n").slice(4, -1);
        expect(keys).to.deep.equal([
            "| `network` | object |  |  |",
            "| `network.nodes` | string | `10.0.0.0/20` |  |",
            "| `pools` | list of object | required |  |",
            "| `pools[].name` | string | required |  |",
            "| `storage` | object | required |  |",
            "| `storage.bucket` | string | one form |  |",
            "| `storage.claim` | string | one form |  |",
            "| `storage.size` | string |  |  |",
        ]);
    });

    it("shows the default of a value that its schema converts", () => {
        const schema = z.strictObject({ cpu: z.preprocess((value) => String(value), z.string()).default("2") });
        expect(tables({ thing: { schema } })).to.include("| `cpu` | string | `2` |");
    });

    it("escapes characters that would end a cell or a row", () => {
        const schema = z.strictObject({ branches: z.string().default("^(main|develop)$").describe("First\nsecond") });
        expect(tables({ thing: { schema } })).to.include("| `branches` | string | `^(main\\|develop)$` | First second. |");
    });

    it("describes every key of every section", () => {
        const rows = tables(sections)
            .split("\n")
            .filter((line) => line.startsWith("| `"));
        expect(rows.filter((row) => row.endsWith("|  |"))).to.deep.equal([]);
    });
});
