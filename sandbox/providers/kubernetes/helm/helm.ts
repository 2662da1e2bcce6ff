import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { command, CommandError } from "../../../host/command";
import { UNKNOWN } from "../../property-values";
import type { Settings } from "../settings";

/** A release in the output of `helm list`. */
export interface Listed {
    readonly name: string;
    readonly namespace: string;
    readonly revision: string;
    readonly status: string;
    readonly chart: string;
    readonly app_version: string;
}

/** Runs Helm against a provider's cluster. */
export class Helm {
    /** @param program path of the Helm binary */
    constructor(
        private readonly program: string,
        private readonly settings: Settings,
    ) {}

    /** Installs or upgrades a release, and waits until its workloads are ready. @throws Error with Helm's message */
    async apply(verb: "install" | "upgrade", release: Release, chart: string): Promise<void> {
        const values = (folder: string): string => {
            const file = path.join(folder, "values.json");
            fs.writeFileSync(file, JSON.stringify(release.values));
            return file;
        };
        const create = verb === "install" && release.createNamespace ? ["--create-namespace"] : [];
        await this.run((folder) => [
            verb,
            release.name,
            chart,
            ...["--namespace", release.namespace, ...create, "--values", values(folder)],
            ...["--wait", "--timeout", `${release.timeoutSeconds}s`],
        ]);
    }

    /** Returns the release; undefined if it does not exist. */
    async find(namespace: string, name: string): Promise<Listed | undefined> {
        const output = await this.run(() => ["list", "--all", "--namespace", namespace, "--filter", `^${name}$`, "--output", "json"]);
        return (JSON.parse(output) as readonly Listed[])[0];
    }

    /** Uninstalls the release, and waits until its objects are deleted. */
    async uninstall(namespace: string, name: string, timeoutSeconds: number): Promise<void> {
        const options = ["--namespace", namespace, "--ignore-not-found", "--wait", "--timeout", `${timeoutSeconds}s`];
        await this.run(() => ["uninstall", name, ...options]);
    }

    /** Helm reads the kubeconfig and the values from temporary files. */
    private async run(args: (folder: string) => readonly string[]): Promise<string> {
        const { kubeconfig, selection } = this.settings;
        if (kubeconfig === undefined || kubeconfig === UNKNOWN) {
            throw new Error("a Helm release requires a known kubeconfig");
        }
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "helm-"));
        try {
            const isFile = !kubeconfig.includes("\n") && fs.existsSync(kubeconfig);
            const file = isFile ? kubeconfig : path.join(folder, "kubeconfig");
            if (!isFile) {
                fs.writeFileSync(file, kubeconfig, { mode: 0o600 });
            }
            const context = selection.context === undefined ? [] : ["--kube-context", selection.context];
            return await command(this.program, [...args(folder), "--kubeconfig", file, ...context]);
        } catch (error) {
            throw error instanceof CommandError ? new Error(error.reason) : error;
        } finally {
            fs.rmSync(folder, { recursive: true, force: true });
        }
    }
}

/** The inputs of a release that Helm needs. */
export interface Release {
    readonly name: string;
    readonly namespace: string;
    readonly createNamespace: boolean;
    readonly values: unknown;
    readonly timeoutSeconds: number;
}
