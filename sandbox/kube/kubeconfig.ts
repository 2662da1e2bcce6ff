import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isRecord } from "./objects";

/** Address and credentials of one cluster. */
export interface ClusterAccess {
    /** URL of the API server, such as `https://10.0.0.2`. */
    readonly server: string;
    readonly namespace?: string | undefined;
    /** PEM. */
    readonly certificateAuthority?: string | undefined;
    readonly skipVerification: boolean;
    readonly serverName?: string | undefined;
    readonly credential: Credential;
}

export type Credential =
    | { readonly kind: "none" }
    | { readonly kind: "token"; readonly token: string }
    | { readonly kind: "certificate"; readonly certificate: string; readonly key: string }
    | ({ readonly kind: "exec" } & ExecPlugin);

/** A `user.exec` entry: a program that prints an ExecCredential. */
export interface ExecPlugin {
    readonly apiVersion: string;
    readonly command: string;
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly installHint?: string | undefined;
}

/** Kubeconfig entry to use instead of the current context. */
export interface Selection {
    readonly context?: string | undefined;
    readonly cluster?: string | undefined;
}

/**
 * Reads a kubeconfig from its content or its path, like the `kubeconfig` input of the official provider.
 * @throws Error that says what is missing
 */
export async function readKubeconfig(contentOrPath: string, selection: Selection = {}): Promise<ClusterAccess> {
    const file = existingFile(contentOrPath);
    const text = file === undefined ? contentOrPath : readFileSync(file, "utf8");
    return resolveAccess(await parseDocument(text), selection, file === undefined ? process.cwd() : dirname(file));
}

function existingFile(contentOrPath: string): string | undefined {
    if (contentOrPath.includes("\n") || contentOrPath.trimStart().startsWith("{")) {
        return undefined;
    }
    const path = resolve(contentOrPath.replace(/^~(?=\/)/, process.env.HOME ?? "~"));
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : undefined;
}

async function parseDocument(text: string): Promise<Record<string, unknown>> {
    const document: unknown = text.trimStart().startsWith("{") ? JSON.parse(text) : await parseYaml(text);
    if (!isRecord(document) || !Array.isArray(document.clusters)) {
        throw new Error("the kubeconfig is neither the path of a file nor the content of one: it has no `clusters`");
    }
    return document;
}

async function parseYaml(text: string): Promise<unknown> {
    // Imported on demand: the program's kubeconfig is JSON, and every preview waits for the provider to start.
    const { parse } = await import("yaml");
    return parse(text);
}

function resolveAccess(document: Record<string, unknown>, selection: Selection, directory: string): ClusterAccess {
    const contextName = selection.context ?? text(document["current-context"]);
    const context = contextName === undefined || contextName === "" ? {} : entry(document, "contexts", "context", contextName);
    const clusterName = selection.cluster ?? text(context.cluster);
    if (clusterName === undefined) {
        throw new Error("the kubeconfig has no current-context, and the provider's `context` is not set");
    }
    const cluster = entry(document, "clusters", "cluster", clusterName);
    const server = text(cluster.server);
    if (server === undefined) {
        throw new Error(`the kubeconfig's cluster "${clusterName}" has no server`);
    }
    const userName = text(context.user);
    const user = userName === undefined ? {} : entry(document, "users", "user", userName);
    return {
        server: server.replace(/\/+$/, ""),
        skipVerification: cluster["insecure-skip-tls-verify"] === true,
        credential: credential(user, directory),
        certificateAuthority: inlineOrFile(cluster, "certificate-authority", directory),
        namespace: text(context.namespace),
        serverName: text(cluster["tls-server-name"]),
    };
}

function entry(document: Record<string, unknown>, list: string, field: string, name: string): Record<string, unknown> {
    const entries = Array.isArray(document[list]) ? document[list] : [];
    for (const candidate of entries) {
        if (isRecord(candidate) && candidate.name === name) {
            return isRecord(candidate[field]) ? candidate[field] : {};
        }
    }
    throw new Error(`the kubeconfig has no ${field} "${name}"`);
}

function credential(user: Record<string, unknown>, directory: string): Credential {
    const exec = user.exec;
    if (isRecord(exec)) {
        return { kind: "exec", ...execPlugin(exec) };
    }
    const tokenFile = text(user.tokenFile);
    const token = text(user.token) ?? (tokenFile === undefined ? undefined : readFileSync(resolve(directory, tokenFile), "utf8").trim());
    if (token !== undefined) {
        return { kind: "token", token };
    }
    const certificate = inlineOrFile(user, "client-certificate", directory);
    const key = inlineOrFile(user, "client-key", directory);
    return certificate !== undefined && key !== undefined ? { kind: "certificate", certificate, key } : { kind: "none" };
}

function execPlugin(exec: Record<string, unknown>): ExecPlugin {
    const command = text(exec.command);
    if (command === undefined) {
        throw new Error("the kubeconfig's exec entry names no command");
    }
    const variables = Array.isArray(exec.env) ? exec.env.filter(isRecord) : [];
    return {
        apiVersion: text(exec.apiVersion) ?? "client.authentication.k8s.io/v1",
        command,
        args: Array.isArray(exec.args) ? exec.args.map(String) : [],
        env: Object.fromEntries(variables.map((variable) => [String(variable.name), String(variable.value)])),
        installHint: text(exec.installHint),
    };
}

function inlineOrFile(section: Record<string, unknown>, field: string, directory: string): string | undefined {
    const data = text(section[`${field}-data`]);
    if (data !== undefined) {
        return Buffer.from(data, "base64").toString("utf8");
    }
    const file = text(section[field]);
    return file === undefined ? undefined : readFileSync(resolve(directory, file), "utf8");
}

function text(value: unknown): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}
