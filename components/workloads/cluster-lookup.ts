import { execFile } from "node:child_process";
import { request } from "node:https";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { knownValue } from "../config/pulumi-sdk";
import type { Kubeconfig } from "./kubeconfig";

/** The fields of a Kubernetes object that a look-up reads. */
export interface Found {
    readonly metadata: {
        readonly name: string;
        readonly namespace?: string;
        readonly labels?: Readonly<Record<string, string>>;
    };
    readonly spec?: unknown;
}

const TIMEOUT_MS = 10_000;
const run = promisify(execFile);

/**
 * Objects in the cluster before this update. The provider refuses to create an object that exists, and reports that only during the update
 * (https://github.com/pulumi/pulumi-kubernetes/issues/2926), so objects from earlier updates are looked up and imported.
 */
export class ClusterLookup {
    private token: Promise<string> | undefined;
    private warned = false;

    /** @param kubeconfig as `kubeconfig.ts` writes it */
    constructor(private readonly kubeconfig: pulumi.Input<string>) {}

    /**
     * Objects of one kind. Empty if the cluster does not exist yet, and, with a warning, if it does not answer.
     * @param path such as `/apis/batch/v1/jobs`
     * @param selector label selector, such as `ml-platform/run=first`
     */
    async list(path: string, selector = ""): Promise<readonly Found[]> {
        const text = await knownValue(pulumi.output(this.kubeconfig));
        if (text === undefined) {
            return [];
        }
        try {
            const answer = await this.get(JSON.parse(text) as Kubeconfig, `${path}?labelSelector=${encodeURIComponent(selector)}`);
            return (JSON.parse(answer) as { items: Found[] }).items;
        } catch (error) {
            await this.warn(error instanceof Error ? error.message : String(error));
            return [];
        }
    }

    private async get({ clusters: [{ cluster }], users: [{ user }] }: Kubeconfig, path: string): Promise<string> {
        this.token ??= credential(user.exec, cluster);
        const authorization = `Bearer ${await this.token}`;
        const authority = cluster["certificate-authority-data"];
        return new Promise((resolve, reject) => {
            const outgoing = request(
                new URL(path, cluster.server),
                {
                    headers: { authorization, accept: "application/json" },
                    ca: authority === undefined ? undefined : Buffer.from(authority, "base64"),
                    timeout: TIMEOUT_MS,
                },
                (response) => {
                    const chunks: Buffer[] = [];
                    response.on("data", (chunk: Buffer) => chunks.push(chunk));
                    response.on("error", reject);
                    response.on("end", () => {
                        const status = response.statusCode ?? 0;
                        if (status === 200) {
                            resolve(Buffer.concat(chunks).toString("utf8"));
                        } else {
                            reject(new Error(`GET ${path.replace(/\?.*/, "")} answers ${status}`));
                        }
                    });
                },
            );
            outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
            outgoing.on("error", reject);
            outgoing.end();
        });
    }

    private async warn(reason: string): Promise<void> {
        if (!this.warned) {
            this.warned = true;
            await pulumi.log.warn(
                `Cannot read what earlier updates kept in the cluster: ${reason}. The update fails if one of its objects already exists.`,
            );
        }
    }
}

/** Gets a token from the kubeconfig's plugin. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins */
async function credential(exec: Kubeconfig["users"][0]["user"]["exec"], cluster: Kubeconfig["clusters"][0]["cluster"]): Promise<string> {
    const info = { apiVersion: exec.apiVersion, kind: "ExecCredential", spec: { interactive: false, cluster } };
    const env = { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    const { stdout } = await run(exec.command, [], { env, timeout: TIMEOUT_MS });
    return (JSON.parse(stdout) as { status: { token: string } }).status.token;
}

/** Options that import an object if it was found, and otherwise create it. */
export function importedFrom(found: readonly Found[] = [], namespace: string | undefined, name: string): { readonly import?: string } {
    const exists = found.some(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
    return exists ? { import: namespace === undefined ? name : `${namespace}/${name}` } : {};
}
