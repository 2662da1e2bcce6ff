import { expect } from "chai";
import { normalizeBody } from "../../../cloud/api/body";
import type { Document } from "../../../cloud/discovery/document";

const document = {
    schemas: {
        Thing: {
            type: "object",
            properties: {
                big: { type: "string", format: "int64" },
                small: { type: "integer", format: "int32" },
                on: { type: "boolean" },
                text: { type: "string" },
                until: { type: "string", format: "google-datetime" },
                span: { type: "string", format: "google-duration" },
                data: { type: "string", format: "byte" },
                kind: { type: "string", enum: ["KIND_UNSPECIFIED", "A", "B"], numbers: [0, 1, 4] },
                made: { type: "string", readOnly: true },
                part: { $ref: "Part" },
                parts: { type: "array", items: { $ref: "Part" } },
                labels: { type: "object", additionalProperties: { type: "string" } },
            },
        },
        Part: { type: "object", properties: { diskSizeGb: { type: "integer" } } },
    },
} as unknown as Document;

const normalized = (body: Parameters<typeof normalizeBody>[2]) => normalizeBody(document, "Thing", body);

describe("normalizeBody", () => {
    it("converts values to the format of the API's responses", () => {
        const body = {
            big: 7,
            small: "3",
            kind: 4,
            until: "2026-01-01T00:00:00Z",
            span: "1.5s",
            data: "aGk=",
            parts: [{ disk_size_gb: 10 }],
        };
        expect(normalized(body)).to.deep.equal({ ...body, big: "7", small: 3, kind: "B", parts: [{ diskSizeGb: 10 }] });
    });

    it("returns bytes in the standard alphabet of base64", () => {
        expect(normalized({ data: "-_8" })).to.deep.equal({ data: "+/8=" });
    });

    it("ignores the case of enum values", () => {
        expect(normalized({ kind: "a" })).to.deep.equal({ kind: "A" });
        expect(() => normalized({ kind: "c" })).to.throw(`Invalid value at 'thing.kind' (TYPE_ENUM), "c"`);
    });

    it("omits what proto3 JSON omits, and keeps messages and values of maps", () => {
        const body = {
            big: "0",
            small: 0,
            on: false,
            text: "",
            kind: "KIND_UNSPECIFIED",
            part: {},
            parts: [],
            labels: { a: "" },
            made: "x",
        };
        expect(normalized(body)).to.deep.equal({ part: {}, labels: { a: "" } });
        expect(normalized({ labels: {}, text: null })).to.deep.equal({});
    });

    for (const [body, violation] of [
        [{ big: "1.5" }, `Invalid value at 'thing.big' (TYPE_INT64), "1.5"`],
        [{ small: 1.5 }, "Invalid value at 'thing.small' (TYPE_INT32), 1.5"],
        [{ small: "" }, `Invalid value at 'thing.small' (TYPE_INT32), ""`],
        [{ on: "true" }, `Invalid value at 'thing.on' (TYPE_BOOL), "true"`],
        [{ text: 1 }, "Invalid value at 'thing.text' (TYPE_STRING), 1"],
        [{ until: "soon" }, `Invalid value at 'thing.until' (type.googleapis.com/google.protobuf.Timestamp), "soon"`],
        [{ span: "30d" }, `Invalid value at 'thing.span' (type.googleapis.com/google.protobuf.Duration), "30d"`],
        [{ data: "?" }, `Invalid value at 'thing.data' (TYPE_BYTES), "?"`],
        [{ kind: 2 }, "Invalid value at 'thing.kind' (TYPE_ENUM), 2"],
        [{ part: "x" }, `Invalid value at 'thing.part' (TYPE_MESSAGE), "x"`],
        [{ parts: {} }, "Invalid value at 'thing.parts' (TYPE_LIST)"],
        [{ parts: [{ size: 1 }] }, `Invalid JSON payload received. Unknown name "size" at 'thing.parts[0]': Cannot find field.`],
        [{ toString: 1 }, `Invalid JSON payload received. Unknown name "toString" at 'thing': Cannot find field.`],
        [[], "Invalid value at 'thing' (TYPE_MESSAGE)"],
    ] as const) {
        it(`refuses ${JSON.stringify(body)}`, () => {
            expect(() => normalized(body)).to.throw(violation);
        });
    }
});
