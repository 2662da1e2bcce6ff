import { createHash } from "node:crypto";
import { CloudError } from "./errors";
import { type JsonObject, valueAt } from "./json";

/** Derives a project's number from its ID: twelve digits, always the same for the same ID. */
export function projectNumber(project: string): string {
    return digits(`project ${project}`, 12);
}

/** A requested resource: its inputs, and the values that can be derived from them before it exists. */
export class Draft {
    /** @param uuid random ID of the resource; generated values are derived from it */
    constructor(
        readonly type: string,
        readonly inputs: JsonObject,
        readonly uuid: string,
    ) {}

    get project(): string {
        return this.text("project");
    }

    /** Returns a required string property. @throws CloudError if it is missing */
    text(property: string): string {
        const value = this.optionalText(property);
        if (value === undefined) {
            throw new CloudError(400, `Required field '${property}' not specified`);
        }
        return value;
    }

    /** Returns the string at a path, or undefined. */
    optionalText(...path: readonly (string | number)[]): string | undefined {
        const value = valueAt(this.inputs, ...path);
        return typeof value === "string" && value !== "" ? value : undefined;
    }

    /** A generated numeric ID. */
    number(length: number): string {
        return digits(this.uuid, length);
    }

    /** A fingerprint of the inputs. */
    get fingerprint(): string {
        return createHash("sha256").update(JSON.stringify(this.inputs)).digest("base64").slice(0, 11) + "=";
    }
}

function digits(text: string, length: number): string {
    const number = BigInt(`0x${createHash("sha256").update(text).digest("hex")}`).toString();
    return `1${number.slice(1, length)}`;
}
