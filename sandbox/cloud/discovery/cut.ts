import * as fs from "node:fs";
import * as path from "node:path";
import { cutDocument, type EnumNumbers, type FullDocument } from "./cut-document";
import { fieldLines } from "../json";
import type { Document } from "./document";
import { SERVED_APIS } from "./served-methods";

/** A node of a protocol buffer description in JSON. */
interface ProtocolBuffer {
    readonly nested?: Readonly<Record<string, ProtocolBuffer>>;
    readonly values?: EnumNumbers;
}

function enumsOf({ nested = {}, values }: ProtocolBuffer): readonly EnumNumbers[] {
    return [...(values === undefined ? [] : [values]), ...Object.values(nested).flatMap(enumsOf)];
}

/** Writes one line per method and schema, so that updates have readable diffs. */
function format({ methods, schemas, ...head }: Document): string {
    return `${JSON.stringify(head).slice(0, -1)},\n"methods": {\n${fieldLines(methods)}\n},\n"schemas": {\n${fieldLines(schemas)}\n}}\n`;
}

const folder = process.argv[2];
if (folder === undefined) {
    throw new Error("Name the folder with Google's discovery documents. sandbox/cloud/README.md says where they come from.");
}
for (const { document, protocolBuffers, methods, unlisted, unlistedOfLists } of SERVED_APIS) {
    const full = JSON.parse(fs.readFileSync(path.join(folder, `${path.basename(document)}.json`), "utf8")) as FullDocument;
    const enums =
        protocolBuffers === undefined
            ? []
            : enumsOf(JSON.parse(fs.readFileSync(require.resolve(protocolBuffers), "utf8")) as ProtocolBuffer);
    fs.writeFileSync(
        path.join(__dirname, "documents", `${document}.json`),
        format(cutDocument(full, methods, enums, unlisted, unlistedOfLists)),
    );
}
