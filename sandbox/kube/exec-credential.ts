import { command, type CommandError } from "../host/command";
import type { ExecPlugin } from "./kubeconfig";

/** Credential of an exec plugin, with its expiry. */
export interface ExecCredential {
    readonly token?: string | undefined;
    readonly certificate?: string | undefined;
    readonly key?: string | undefined;
    /** Milliseconds since the epoch; undefined if the credential is valid for the lifetime of the process. */
    readonly expires?: number | undefined;
}

const EXPIRY_MARGIN_MS = 30_000;

/** Whether the credential is still valid at `now` (milliseconds since the epoch). */
export function isFresh(credential: ExecCredential, now: number): boolean {
    return credential.expires === undefined || credential.expires - EXPIRY_MARGIN_MS > now;
}

/**
 * Runs a kubeconfig's exec plugin (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
 * @throws Error with the command, and with the kubeconfig's install hint if the command is missing
 */
export async function runExecPlugin(plugin: ExecPlugin): Promise<ExecCredential> {
    const info = { apiVersion: plugin.apiVersion, kind: "ExecCredential", spec: { interactive: false } };
    const env = { ...process.env, ...plugin.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    const output = await command(plugin.command, plugin.args, { env, timeoutMs: 60_000 }).catch((error: unknown) => {
        const { code, reason } = error as CommandError;
        const missing = code === "ENOENT";
        const hint = missing && plugin.installHint !== undefined ? ` ${plugin.installHint}` : "";
        throw new Error(
            `the kubeconfig's credential plugin ${plugin.command} failed: ${missing ? "it is not on the PATH." : reason}${hint}`,
        );
    });
    return parseExecCredential(plugin.command, output);
}

/**
 * Parses the output of a plugin.
 * @throws Error if it contains no credential
 */
export function parseExecCredential(command: string, output: string): ExecCredential {
    let status: { token?: string; clientCertificateData?: string; clientKeyData?: string; expirationTimestamp?: string } | undefined;
    try {
        status = (JSON.parse(output) as { status?: typeof status }).status;
    } catch {
        throw new Error(`the kubeconfig's credential plugin ${command} did not print an ExecCredential`);
    }
    if (status === undefined || (status.token === undefined && status.clientCertificateData === undefined)) {
        throw new Error(`the kubeconfig's credential plugin ${command} printed neither a token nor a certificate`);
    }
    const { token, clientCertificateData, clientKeyData, expirationTimestamp } = status;
    const expires = expirationTimestamp === undefined ? undefined : Date.parse(expirationTimestamp);
    return { token, certificate: clientCertificateData, key: clientKeyData, expires };
}
