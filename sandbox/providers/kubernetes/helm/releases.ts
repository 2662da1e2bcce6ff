import packageFile from "@pulumi/kubernetes/package.json";
import type { PreparedChart } from "../../../daemon/charts";
import type { Refused } from "../../../daemon/control";
import { socketRequest } from "../../../host/socket-request";
import { LOCAL_CHARTS, localChart } from "../../../toolchain/local-charts";
import type { EngineLog } from "../../engine";
import { InitFailed, type Checked, type Difference, type Existing, type Operation, type Provider, type Target } from "../../provider";
import { UNKNOWN, type Properties, type PropertyValue } from "../../property-values";
import { diffValues } from "../../diff-values";
import { parseSettings, type Settings } from "../settings";
import { Helm, type Release } from "./helm";

/** Type token of a release. */
export const RELEASE = "kubernetes:helm.sh/v3:Release";

const TIMEOUT_SECONDS = 300;
/** Compilation takes minutes, and several times as long on a slow machine. */
const PREPARED_WITHIN_MS = 60 * 60_000;

/** Helm releases of charts that the sandbox builds. Applies them with Helm. */
export class HelmReleases implements Provider {
    readonly version = packageFile.version;
    private settings: Settings = parseSettings({});

    /** @param socket socket of the sandbox's daemon, which builds charts */
    constructor(
        private readonly engine: EngineLog,
        private readonly socket: string | undefined,
    ) {}

    configure(config: Properties): void {
        this.settings = parseSettings(config);
    }

    check({ inputs }: { readonly inputs: Properties }): Checked {
        const charts = LOCAL_CHARTS.map(({ chart, version }) => `${chart} ${version}`).join(", ");
        const reason = `the sandbox's own provider has only these charts: ${charts}; others need the official provider`;
        return { inputs, failures: localChart(inputs.chart, inputs.version) !== undefined ? [] : [{ property: "chart", reason }] };
    }

    diff({ oldInputs, inputs }: { readonly oldInputs: Properties; readonly inputs: Properties }): Difference {
        const replaces = (field: unknown): boolean => field === "name" || field === "namespace";
        const changes = diffValues(oldInputs, inputs).map((change) => ({ ...change, replaces: replaces(change.path[0]) }));
        return { changes, deleteBeforeReplace: changes.some((change) => change.replaces) };
    }

    async create(request: Parameters<Provider["create"]>[0]): Promise<{ readonly id: string; readonly outputs: Properties }> {
        if (request.preview) {
            return { id: "", outputs: planned(request.inputs) };
        }
        const { inputs } = request;
        const { name, namespace } = releaseOf(inputs);
        const id = `${namespace}/${name}`;
        const prepared = await this.prepare(request.urn, inputs);
        try {
            return { id, outputs: await this.apply("install", request, prepared) };
        } catch (error) {
            const outputs = await this.outputs(prepared.helm, inputs);
            if (outputs?.status === undefined || isInUse(error)) {
                throw error;
            }
            // Helm keeps the release of a failed install, and the next update upgrades it.
            throw new InitFailed({ id, outputs, inputs }, [(error as Error).message]);
        }
    }

    async update(request: Operation & { readonly inputs: Properties; readonly preview: boolean }): Promise<Properties> {
        if (request.preview) {
            return planned(request.inputs);
        }
        return this.apply("upgrade", request, await this.prepare(request.urn, request.inputs));
    }

    async read({
        id,
        inputs,
        urn,
    }: Operation & { readonly id: string; readonly inputs: Properties | undefined }): Promise<Existing | undefined> {
        if (inputs === undefined) {
            throw new Error("the sandbox's own provider cannot import Helm releases");
        }
        const { helm } = await this.prepare(urn, inputs);
        const outputs = await this.outputs(helm, inputs);
        return outputs === undefined ? undefined : { id, outputs, inputs };
    }

    async delete({ urn, inputs, timeoutSeconds }: Operation & { readonly inputs: Properties }): Promise<void> {
        const { name, namespace, timeoutSeconds: own } = releaseOf(inputs);
        const { helm } = await this.prepare(urn, inputs);
        await this.helm(helm).uninstall(namespace, name, timeoutSeconds ?? own);
    }

    private async apply(
        verb: "install" | "upgrade",
        { urn, inputs, timeoutSeconds }: Target & { readonly inputs: Properties; readonly timeoutSeconds?: number | undefined },
        { helm, chart }: PreparedChart,
    ): Promise<Properties> {
        const release = releaseOf(inputs);
        this.engine.status(urn, `helm ${verb}: waiting for the workloads`);
        await this.helm(helm).apply(verb, { ...release, timeoutSeconds: timeoutSeconds ?? release.timeoutSeconds }, chart);
        return (await this.outputs(helm, inputs)) ?? inputs;
    }

    private async outputs(helm: string, inputs: Properties): Promise<Properties | undefined> {
        const { name, namespace } = releaseOf(inputs);
        const listed = await this.helm(helm).find(namespace, name);
        if (listed === undefined) {
            return undefined;
        }
        const { revision, status, chart, app_version: appVersion } = listed;
        return {
            ...inputs,
            status: { name, namespace, revision: Number(revision), status, chart, appVersion, version: text(inputs.version) },
        };
    }

    /** Waits until the daemon has prepared the chart, its image and Helm. */
    private async prepare(urn: string, inputs: Properties): Promise<PreparedChart> {
        if (this.socket === undefined) {
            throw new Error("SANDBOX_DAEMON_SOCKET is not set");
        }
        const [chart, version] = [text(inputs.chart), text(inputs.version)];
        const { toolset } = localChart(chart, version) ?? {};
        this.engine.status(urn, `compiling ${toolset?.title ?? chart} (once; this takes minutes)`);
        const query = new URLSearchParams({ chart, version });
        const { status, body } = await socketRequest(this.socket, "POST", `/chart?${query.toString()}`, PREPARED_WITHIN_MS);
        if (status !== 200) {
            throw new Error((body as Refused).error);
        }
        return body as PreparedChart;
    }

    private helm(program: string): Helm {
        return new Helm(program, this.settings);
    }
}

function releaseOf(inputs: Properties): Release {
    return {
        name: text(inputs.name),
        namespace: text(inputs.namespace) === "" ? "default" : text(inputs.namespace),
        createNamespace: inputs.createNamespace === true,
        values: inputs.values ?? {},
        timeoutSeconds: typeof inputs.timeout === "number" ? inputs.timeout : TIMEOUT_SECONDS,
    };
}

/** Outputs of a preview. The status is unknown until the update. */
const planned = (inputs: Properties): Properties => ({ ...inputs, status: UNKNOWN });

/** Whether Helm refused to install because another program owns the release. */
const isInUse = (error: unknown): boolean => error instanceof Error && error.message.includes("cannot re-use a name");

const text = (value: PropertyValue | undefined): string => (typeof value === "string" ? value : "");
