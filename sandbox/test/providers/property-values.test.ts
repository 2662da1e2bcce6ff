import { expect } from "chai";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import {
    containsUnknown,
    decodeProperties,
    encodeProperties,
    isObject,
    type Properties,
    type PropertyValue,
    reveal,
    secret,
    UNKNOWN,
} from "../../providers/property-values";

const MARK = "4dabf18193072939515e22adb298388d";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_MARK = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE_MARK = "5cf8f73096256a8f31e491e813e4eb8e";
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function decoded(value: JavaScriptValue): PropertyValue | undefined {
    return decodeProperties(Struct.fromJavaScript({ value })).value;
}

function encoded(properties: Properties): unknown {
    return encodeProperties(properties).toJavaScript();
}

describe("decodeProperties", () => {
    it("reads plain values as they are", () => {
        const plain = { text: "a", number: 1.5, yes: true, nothing: null, list: [1, ["b"]], object: { inner: { deep: 0 } } };
        expect(decoded(plain)).to.deep.equal(plain);
    });

    it("takes an absent message for no properties", () => {
        expect(decodeProperties(undefined)).to.deep.equal({});
    });

    for (const [kind, text] of [
        ["boolean", "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"],
        ["number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421"],
        ["string", UNKNOWN_STRING],
        ["array", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"],
        ["asset", "030794c1-ac77-496b-92df-f27374a8bd58"],
        ["archive", "e48ece36-62e2-4504-bad9-02848725956a"],
        ["object", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"],
    ] as const) {
        it(`reads the unknown ${kind} as unknown, at any depth`, () => {
            expect(decoded(text)).to.equal(UNKNOWN);
            expect(decoded([{ inner: text }])).to.deep.equal([{ inner: UNKNOWN }]);
        });
    }

    it("takes a text that only looks like the mark of an unknown for a text", () => {
        expect(decoded("04da6b54-80e4-46f7-96ec-b56ff0331baa")).to.equal("04da6b54-80e4-46f7-96ec-b56ff0331baa");
    });

    it("takes secrets off", () => {
        expect(decoded({ [MARK]: SECRET_MARK, value: { password: "x" } })).to.deep.equal({ password: "x" });
    });

    it("takes outputs off, and reads one without a value as unknown", () => {
        expect(decoded({ [MARK]: OUTPUT_MARK, value: ["x"], secret: true, dependencies: [] })).to.deep.equal(["x"]);
        expect(decoded({ [MARK]: OUTPUT_MARK, dependencies: [] })).to.equal(UNKNOWN);
    });

    it("reads a resource as its id, and a component as its URN", () => {
        expect(decoded({ [MARK]: RESOURCE_MARK, urn: "urn:x", id: "i" })).to.equal("i");
        expect(decoded({ [MARK]: RESOURCE_MARK, urn: "urn:x", id: UNKNOWN_STRING })).to.equal(UNKNOWN);
        expect(decoded({ [MARK]: RESOURCE_MARK, urn: "urn:x" })).to.equal("urn:x");
    });

    it("refuses assets", () => {
        expect(() => decoded({ [MARK]: "c44067f5952c0a294b673a41bacd8c17", text: "x" })).to.throw("assets and archives are not supported");
    });
});

describe("encodeProperties", () => {
    it("writes unknowns and secrets with their marks, and leaves out what is undefined", () => {
        expect(encoded({ a: UNKNOWN, b: secret({ c: UNKNOWN }), d: [null, secret("x")], e: undefined, f: { g: undefined } })).to.deep.equal(
            {
                a: UNKNOWN_STRING,
                b: { [MARK]: SECRET_MARK, value: { c: UNKNOWN_STRING } },
                d: [null, { [MARK]: SECRET_MARK, value: "x" }],
                f: {},
            },
        );
    });

    it("gives back what it was given, but for the marks of secrets", () => {
        const properties: Properties = { a: [1, "2", false, null, { b: UNKNOWN }], c: {} };
        expect(decodeProperties(encodeProperties({ ...properties, d: secret("x") }))).to.deep.equal({ ...properties, d: "x" });
    });
});

describe("containsUnknown", () => {
    it("looks into lists, objects and secrets", () => {
        expect(containsUnknown([{ a: secret([UNKNOWN]) }])).to.equal(true);
        expect(containsUnknown([{ a: secret(["x"]) }, null])).to.equal(false);
    });
});

describe("isObject", () => {
    it("tells objects from lists, secrets, null and scalars", () => {
        expect(isObject({})).to.equal(true);
        const others: readonly (PropertyValue | undefined)[] = [[], secret({}), null, undefined, "x", UNKNOWN];
        for (const other of others) {
            expect(isObject(other)).to.equal(false);
        }
    });
});

describe("reveal", () => {
    it("takes off one mark, and leaves other values alone", () => {
        expect(reveal(secret("x"))).to.equal("x");
        expect(reveal("x")).to.equal("x");
    });
});
