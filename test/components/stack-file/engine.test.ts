import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { handedOver } from "../../../components/stack-file/stack-file";
import { StackFileError } from "../../../components/stack-file/yaml";
import { documents, scalars } from "./cases";
import { around, type Reading, type Readings } from "./engine";

const recorded = JSON.parse(fs.readFileSync(path.join(__dirname, "engine.json"), "utf8")) as Readings;

/** Refused here although the engine accepts them: it reads something other than what is written, or only a part of it. */
const REFUSED_SCALARS = [
    ...[
        '"\\n leading"',
        '!!int "3"',
        "!!int 3",
        "!!float 3",
        "!!binary aGk=",
        "!!timestamp 2026-01-31",
        "! 12",
        "!custom x",
        "!!str [a]",
        "!!set {a}",
    ],
    ...["!!merge <<", "{1: a}", "{1.10: a}", "{true: a}", "{TRUE: a}", "{~: a}", "{2026-01-31: a}", '{"<<": {a: 1}}', "{<<: {1: a}}"],
];
const REFUSED_DOCUMENTS = [
    "a byte order mark inside",
    "carriage returns alone",
    "tabs inside of a list",
    "several documents",
    "a damaged second document",
    "text after the end",
    "the directive of YAML 1.1",
    "a directive for tags",
    "a key that is nothing",
    "a key after a question mark",
    "a literal block that begins with an empty line",
    "a comment that ends at a line separator",
];

const readingOf = (text: string): Reading => {
    try {
        return handedOver(text, "f");
    } catch (error) {
        expect(error).to.be.instanceOf(StackFileError);
        return null;
    }
};

/** Parses objects, because the engine sorts their keys. */
const comparable = (reading: Reading): unknown =>
    reading && Object.fromEntries(Object.entries(reading).map(([key, value]) => [key, parsed(value)]));

function parsed(value: string): unknown {
    try {
        return JSON.parse(value.startsWith("{") || value.startsWith("[") ? value : JSON.stringify(value));
    } catch {
        return value;
    }
}

describe("a stack file is read as Pulumi's engine reads it", () => {
    const cases = [
        ...scalars.map((scalar) => [scalar, `config:\n${around(scalar)}`, recorded.scalars[scalar], REFUSED_SCALARS] as const),
        ...Object.entries(documents).map(([name, text]) => [name, text, recorded.documents[name], REFUSED_DOCUMENTS] as const),
    ];

    it("in every recorded case", () => {
        const differing = cases.filter(([name, text, engine, refused]) => {
            const reading = JSON.stringify(comparable(readingOf(text)), sorted);
            return reading !== (refused.includes(name) ? "null" : JSON.stringify(comparable(engine ?? null), sorted));
        });
        expect(differing.map(([name, text, engine]) => [name, readingOf(text), engine])).to.deep.equal([]);
    });

    it("with a recording of every case", () => {
        expect(cases.filter(([, , engine]) => engine === undefined).map(([name]) => name)).to.deep.equal([]);
        expect(Object.keys(recorded.scalars).length + Object.keys(recorded.documents).length).to.equal(
            new Set(cases.map(([name]) => name)).size,
        );
    });

    it("except for refused cases, which the engine accepts", () => {
        const refused = cases.filter(([name, , , names]) => names.includes(name));
        expect(refused.length).to.equal(REFUSED_SCALARS.length + REFUSED_DOCUMENTS.length);
        expect(refused.filter(([, , engine]) => engine === null).map(([name]) => name)).to.deep.equal([]);
    });
});

const sorted = (_: string, value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort()) : value;
