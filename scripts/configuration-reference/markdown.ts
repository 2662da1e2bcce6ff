import { z } from "zod";

/** The part of JSON Schema that the configuration's schemas use. */
interface SchemaNode {
    readonly type?: string;
    readonly description?: string;
    readonly default?: unknown;
    readonly enum?: readonly string[];
    readonly minimum?: number;
    readonly maximum?: number;
    readonly items?: SchemaNode;
    readonly anyOf?: readonly SchemaNode[];
    readonly properties?: Readonly<Record<string, SchemaNode>>;
    readonly required?: readonly string[];
    readonly additionalProperties?: SchemaNode | false;
}

/** A row of a reference table. */
interface Field {
    readonly key: string;
    readonly type: string;
    /** `required`, `one form` if a form of a union requires it, the default, or empty. */
    readonly fallback: string;
    readonly description: string;
}

const INTRODUCTION = `# Configuration reference

Every key of a stack file. \`npm run docs\` writes this page from the \`config.ts\` files in \`components/\`; \`npm run check\` fails when it is stale.

Set a value with \`pulumi config set --path 'ml-platform:<section>.<key>' <value>\`. A preview reports every problem of the configuration at once, each with its
remedy, before anything changes. A section that the stack file leaves out creates nothing. *One form* marks a key that is required in one of several forms of the
value, such as \`bucket\` or \`claim\` of a storage. [Cost knobs](../operations/costs.md) says which keys cost money.

A remedy is a command only where one value is clearly meant: another spelling, an alias, or one wrong letter. Where several regions, accelerators or sizes are
possible, it lists them, because their prices differ. Commands are quoted for a POSIX shell;
[other shells](../operations/runbooks.md#commands-in-other-shells) need other quotes.
`;

/**
 * The configuration reference as Markdown.
 * @param sections the schema of each section, by its key in the project's namespace
 */
export function configurationReference(sections: Readonly<Record<string, { readonly schema: z.ZodType }>>): string {
    const parts = Object.entries(sections).map(([name, { schema }]) => section(name, schema));
    return [INTRODUCTION, ...parts].join("\n");
}

function section(name: string, schema: z.ZodType): string {
    // The input schema has the required keys; the output schema has the defaults of converted values, such as quantities.
    const input = z.toJSONSchema(schema, { io: "input" }) as SchemaNode;
    const output = z.toJSONSchema(schema, { io: "output" }) as SchemaNode;
    const heading = `## ${name}\n`;
    if (input.properties === undefined) {
        return `${heading}\n${sentence(input.description ?? "")} Type: ${typeOf(input)}.\n`;
    }
    return `${heading}\n${table(fieldsOf(input, output, ""))}\n`;
}

function fieldsOf(input: SchemaNode, output: SchemaNode | undefined, prefix: string): readonly Field[] {
    return entriesOf(input).flatMap(([name, node]) => {
        const key = `${prefix}${name}`;
        const out = new Map(entriesOf(output)).get(name);
        const field = {
            key,
            type: typeOf(node),
            fallback: input.required?.includes(name) ? "required" : defaultOf(node, out),
            description: sentence(node.description ?? ""),
        };
        return [field, ...nestedFields(node, out, key)];
    });
}

/** Fields of an object with fixed keys, and `<name>` if it accepts other keys too. */
function entriesOf({ properties, additionalProperties: chosen }: SchemaNode = {}): readonly (readonly [string, SchemaNode])[] {
    const own = Object.entries(properties ?? {});
    return own.length > 0 && typeof chosen === "object" ? [...own, ["<name>", chosen]] : own;
}

/** Fields of an object, of the objects in a list, and of every object of a union. */
function nestedFields(node: SchemaNode, output: SchemaNode | undefined, key: string): readonly Field[] {
    if (node.anyOf !== undefined) {
        const fields = node.anyOf.flatMap((option, index) => nestedFields(option, output?.anyOf?.[index], key));
        return fields.map((field) => (field.fallback === "required" ? { ...field, fallback: "one form" } : field));
    }
    if (node.items !== undefined) {
        return nestedFields(node.items, output?.items, `${key}[]`);
    }
    return fieldsOf(node, output, `${key}.`);
}

function typeOf(node: SchemaNode): string {
    if (node.anyOf !== undefined) {
        return [...new Set(node.anyOf.map(typeOf))].join(" or ");
    }
    if (node.enum !== undefined) {
        return node.enum.map((value) => `\`${value}\``).join(", ");
    }
    switch (node.type) {
        case "array":
            return `list of ${typeOf(node.items ?? {})}`;
        case "object":
            return typeof node.additionalProperties === "object" && node.properties === undefined
                ? `map of ${typeOf(node.additionalProperties)}`
                : "object";
        case "integer":
            return `integer${bounds(node)}`;
        default:
            return node.type ?? "any";
    }
}

/** Bounds of the schema. Without bounds, zod writes those of safe integers. */
function bounds({ minimum, maximum }: SchemaNode): string {
    const least = minimum === undefined || minimum === -Number.MAX_SAFE_INTEGER ? undefined : minimum;
    // Omit the bounds of an integer type, which are no limit in practice.
    if (maximum !== undefined && maximum < 2 ** 31 - 1) {
        return least === undefined ? ` ≤ ${maximum}` : ` ${least}–${maximum}`;
    }
    return least === undefined ? "" : ` ≥ ${least}`;
}

function defaultOf(node: SchemaNode, output: SchemaNode | undefined): string {
    const value = node.default ?? output?.default;
    return value === undefined || isEmptyObject(value) ? "" : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

/** Whether a default is an empty section. The rows of its fields show their defaults. */
const isEmptyObject = (value: unknown): boolean =>
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

function table(fields: readonly Field[]): string {
    const rows = fields.map(({ key, type, fallback, description }) => [`\`${key}\``, type, fallback, description]);
    const lines = [["Key", "Type", "Default", "Description"], ["---", "---", "---", "---"], ...rows];
    return lines.map((cells) => `| ${cells.map(escaped).join(" | ")} |`).join("\n");
}

/** A line break ends a row of a table, and a bar ends a cell. */
const escaped = (cell: string): string => cell.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");

const sentence = (text: string): string => (text === "" || text.endsWith(".") ? text : `${text}.`);
