import { createHash } from "node:crypto";
import { CloudError } from "./errors";
import { type JsonObject, valueAt } from "./json";

/** The number that goes with a project id: twelve digits, always the same for the same id. */
export function projectNumber(project: string): string {
    return digits(`project ${project}`, 12);
}

/** A resource that is asked for: its inputs, and what can be said of it before it exists. */
export class Draft {
    /** @param uuid made at random when the resource is created; what Google generates is derived from it */
    constructor(
        readonly type: string,
        readonly inputs: JsonObject,
        readonly uuid: string,
    ) {}

    get project(): string {
        return this.text("project");
    }

    /** A property that must be a text. @throws CloudError when it is missing */
    text(property: string): string {
        const value = this.optionalText(property);
        if (value === undefined) {
            throw new CloudError(400, `Required field '${property}' not specified`);
        }
        return value;
    }

    /** A text at a path, or undefined. */
    optionalText(...path: readonly (string | number)[]): string | undefined {
        const value = valueAt(this.inputs, ...path);
        return typeof value === "string" && value !== "" ? value : undefined;
    }

    /** A generated numeric id. */
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
