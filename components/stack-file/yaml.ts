import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node, type ParsedNode } from "yaml";
import { plainScalar, quotedScalar, type Resolved } from "./scalar";
import { checkCharacters, checkDirectives, checkTabs, isAmbiguous, type Problem } from "./syntax";

/** A stack file that cannot be read, or that Pulumi's engine would read differently from its text. Its message names file, line and column. */
export class StackFileError extends Error {
    override readonly name = "StackFileError";
}

/** A value of a stack file. */
export type Value = string | number | bigint | boolean | null | readonly Value[] | ReadonlyMap<string, Value>;

/** A parsed stack file. */
export interface StackYaml {
    /** Its nodes with their positions. Scalars are the text in the file. */
    readonly document: Document.Parsed;
    /** Its value as the engine reads it; null for an empty file. */
    readonly value: Value;
    /** Returns an error with the position of a node. */
    readonly problem: Problem;
}

/**
 * Reads YAML as Pulumi's engine does: yaml.v3 defines the kinds of scalars, the merges by `<<`, and the refusals. Values that the engine would read in an
 * unexpected way, such as a key that is a number, are refused here.
 * @param file its name, for messages
 * @throws StackFileError
 */
export function readYaml(text: string, file: string): StackYaml {
    const lines = new LineCounter();
    // Every scalar as text; `plainScalar` decides its kind.
    const document = parseDocument(text, { schema: "failsafe", lineCounter: lines, prettyErrors: false, logLevel: "error" });
    const problem: Problem = (at, message) => {
        const { line, col } = lines.linePos(typeof at === "number" ? at : (at.range?.[0] ?? 0));
        return new StackFileError(`${file} is not valid YAML: ${message} (line ${line}, column ${col})`);
    };
    checkCharacters(text, problem);
    const [error] = document.errors;
    if (error !== undefined) {
        // The parser calls itself for each level.
        throw problem(error.pos[0], error.message.includes("call stack") ? "it is nested too deeply" : error.message);
    }
    checkDirectives(text, document, problem);
    checkTabs(text, document, problem);
    const value = new Reading(document, text, problem).value(document.contents);
    return { document, value, problem };
}

/** Maximum number of parts through aliases, and the number of parts from which the share of aliases is limited. https://github.com/go-yaml/yaml/blob/v3.0.1/decode.go */
const LIMITS = { aliased: 100, parts: 1000, share: 0.99 };

class Reading {
    private readonly targets = new Map<Node, ParsedNode>();
    private readonly open = new Set<Node>();
    private parts = 0;
    private aliased = 0;
    private depth = 0;

    constructor(
        document: Document.Parsed,
        private readonly text: string,
        private readonly problem: Problem,
    ) {
        const anchors = new Map<string, ParsedNode>();
        visit(document, {
            Node: (_, node, path) => {
                if (isAlias(node)) {
                    const target = anchors.get(node.source);
                    if (target === undefined) {
                        throw problem(node, `Unresolved alias (the anchor must be set before the alias): ${node.source}`);
                    }
                    this.targets.set(node, target);
                } else if (isScalar(node) && isAmbiguous(text, node, path)) {
                    throw problem(
                        node,
                        `${node.source ?? ""} is read differently inside brackets and braces: put it in quotes, and a space after a colon`,
                    );
                }
                if (!isAlias(node) && node.anchor !== undefined) {
                    if (!/^[A-Za-z0-9_-]+$/.test(node.anchor)) {
                        throw problem(node, `the anchor ${node.anchor} may contain only letters, digits, dashes and underscores`);
                    }
                    anchors.set(node.anchor, node as ParsedNode);
                }
            },
        });
    }

    value(node: Node | null): Value {
        this.count(node);
        if (node === null) {
            return null;
        }
        if (isAlias(node)) {
            return this.through(node, (target) => this.value(target));
        }
        if (isScalar(node)) {
            const { kind, value } = this.scalar(node);
            if (kind === "number" && typeof value === "number" && !Number.isFinite(value)) {
                throw this.problem(node, `${node.source} is a number that Pulumi cannot pass to a program: put it in quotes`);
            }
            return value;
        }
        this.checkTag(node, isMap(node) ? "map" : "seq");
        if (isSeq(node)) {
            return node.items.map((item) => this.value(item as Node | null));
        }
        if (isMap(node)) {
            const values = new Map<string, Value>();
            this.fill(values, node);
            return values;
        }
        throw this.problem(node, "it is neither a value nor a list nor a map");
    }

    /** Adds the missing values of a map, and then those of the maps that it merges. */
    private fill(values: Map<string, Value>, node: Node): void {
        if (isAlias(node)) {
            this.through(node, (target) => {
                this.fill(values, target);
            });
            return;
        }
        if (!isMap(node)) {
            throw this.problem(node, "what << merges must be a map, or a list of maps");
        }
        this.checkTag(node, "map");
        const merged: Node[] = [];
        for (const pair of node.items) {
            const [key, value] = [pair.key as Node, pair.value as Node | null];
            this.checkKey(key);
            if (isMergeKey(key)) {
                merged.push(...(isSeq(value) ? (value.items as Node[]) : [value ?? key]));
                continue;
            }
            const name = this.key(key);
            const read = values.has(name) ? null : this.value(value);
            if (!values.has(name)) {
                values.set(name, read);
            }
        }
        for (const map of merged) {
            this.fill(values, map);
        }
    }

    private checkKey(key: Node): void {
        const [start = 0, end = 0] = key.range ?? [];
        const isOnOneLine = !this.text.slice(start, end).includes("\n") && !/^\s*\n\s*:/.test(this.text.slice(end, end + MOST_SPACES));
        if (!isOnOneLine || /(?:^|\s)\?\s+$/.test(this.text.slice(Math.max(0, start - MOST_SPACES), start))) {
            throw this.problem(key, "a key must be on one line with its colon, without a question mark");
        }
    }

    private key(node: Node): string {
        this.count(node);
        const scalar = isAlias(node) ? this.through(node, (target) => target) : node;
        if (!isScalar(scalar)) {
            throw this.problem(node, "a key must be text");
        }
        const { kind, value } = this.scalar(scalar);
        if (kind !== "text") {
            const what = { number: "a number", boolean: "true or false", date: "a date", nothing: "nothing" }[kind];
            throw this.problem(node, `the key ${scalar.source} is ${what} and not text: put it in quotes`);
        }
        if (value === "<<") {
            throw this.problem(node, "the key << merges, with quotes too: rename it");
        }
        return value;
    }

    private scalar(node: Node & { readonly value: unknown }): Resolved {
        const text = String(node.value);
        const tag = node.tag;
        const isPlain = (node as { type?: string }).type === "PLAIN";
        if (tag === STRING_TAG || (tag === undefined && !isPlain)) {
            return { kind: "text", value: this.quoted(node, text) };
        }
        if (tag !== undefined) {
            throw this.problem(
                node,
                `the tag ${tag} is not supported in a stack file: remove it, and put the value in quotes if it is text`,
            );
        }
        return plainScalar(text);
    }

    private quoted(node: Node, value: string): string {
        const [start = 0, end = 0] = node.range ?? [];
        const refuse = (message: string) => this.problem(node, message);
        return quotedScalar({ value, written: this.text.slice(start, end), isLast: end >= this.text.length }, refuse);
    }

    private checkTag(node: Node, known: string): void {
        if (node.tag !== undefined && node.tag !== `tag:yaml.org,2002:${known}`) {
            throw this.problem(node, `the tag ${node.tag} is not supported in a stack file: remove it`);
        }
    }

    private through<T>(alias: Node, read: (target: ParsedNode) => T): T {
        const target = this.targets.get(alias);
        if (target === undefined || this.open.has(target)) {
            throw this.problem(alias, "the alias refers to a value that contains it");
        }
        this.open.add(target);
        this.depth += 1;
        const result = read(target);
        this.depth -= 1;
        this.open.delete(target);
        return result;
    }

    private count(node: Node | null): void {
        this.parts += 1;
        this.aliased += this.depth > 0 ? 1 : 0;
        if (this.aliased > LIMITS.aliased && this.parts > LIMITS.parts && this.aliased / this.parts > LIMITS.share) {
            throw this.problem(node ?? 0, "its aliases expand to too many values");
        }
    }
}

/** Characters around a key that are looked at. */
const MOST_SPACES = 1000;

const STRING_TAG = "tag:yaml.org,2002:str";

const isMergeKey = (node: Node): boolean =>
    isScalar(node) && node.value === "<<" && (node as { type?: string }).type === "PLAIN" && node.tag === undefined;
