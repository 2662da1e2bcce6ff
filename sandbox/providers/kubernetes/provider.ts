import packageFile from "@pulumi/kubernetes/package.json";
import type { EngineLog } from "../engine";
import { InitFailed, type Difference, type Existing, type Operation, type Provider, type Target } from "../provider";
import { containsUnknown, type Properties } from "../property-values";
import { deletionPropagation, forcesConflicts, skipsAwait, timeoutSeconds } from "./annotations";
import type { WaitOptions } from "./awaits/changes";
import { waitUntilGone } from "./awaits/deletion";
import { NotReadyError, verdictNow, waitUntilReady } from "./awaits/wait";
import { checkObject } from "./check";
import { referenceOf, type Cluster, type ObjectReference } from "./client/cluster";
import { Connection } from "./client/connection";
import { diffObject } from "./diff/diff";
import { UnknownKindError } from "./client/discovery";
import { isForbidden, isNotFound, UnreachableError } from "../../kube/errors";
import { explainApplyError } from "./client/apply-errors";
import { fromJson, toImportedInputs, toManifest, toOutputs, toPlannedOutputs, toPreviewOutputs } from "./manifest";
import type { AnyObject } from "../../kube/objects";
import { objectId } from "./names";
import { alreadyExists, awaitedReadiness, ifKindExists, inNamespaceOf, referenceOfResource, withoutIgnoredChanges } from "./requests";
import { refreshedInputs } from "./diff/refreshed-inputs";
import { emptyPatch, isPatch, patchManager } from "./diff/patches";
import { retryTransient } from "./client/retry";
import { checkSettings, diffSettings, parseSettings, type Settings } from "./settings";

const SETTLE_SECONDS = 20;
const DELETION_SECONDS = 600;

/** The sandbox's provider for Kubernetes objects. It implements the plugin of `@pulumi/kubernetes` with the Kubernetes API. */
export class KubernetesProvider implements Provider {
    readonly version = packageFile.version;
    private settings: Settings = parseSettings({});
    private connection = new Connection(this.settings);
    /** Objects whose replacement this process has planned. They are expected to still exist. */
    private readonly replaced = new Set<string>();
    private readonly warned = new Set<string>();

    constructor(private readonly engine: EngineLog) {}

    checkConfig(request: Target & { readonly inputs: Properties }) {
        return Promise.resolve(checkSettings(request.inputs));
    }

    async diffConfig(request: Target & { readonly inputs: Properties; readonly oldInputs: Properties }): Promise<Difference> {
        return diffSettings(request.oldInputs, request.inputs);
    }

    configure(config: Properties): Promise<void> {
        this.settings = parseSettings(config);
        this.connection = new Connection(this.settings);
        return Promise.resolve();
    }

    check(request: Parameters<Provider["check"]>[0]) {
        return Promise.resolve(checkObject({ ...request, namespace: this.settings.namespace }));
    }

    diff(request: Parameters<Provider["diff"]>[0]): Promise<Difference> {
        const { mutableConfigMaps, mutableSecrets } = this.settings;
        const difference = diffObject(request.type, request.oldInputs, request.inputs, {
            configMaps: mutableConfigMaps,
            secrets: mutableSecrets,
        });
        if (difference.deleteBeforeReplace === true) {
            this.replaced.add(request.urn);
        }
        return Promise.resolve(difference);
    }

    async create(request: Parameters<Provider["create"]>[0]) {
        if (request.preview) {
            return { id: "", outputs: await this.previewCreate(request) };
        }
        const cluster = await this.connection.cluster();
        const manifest = toManifest(request.inputs);
        const live = await retryTransient(SETTLE_SECONDS, request.cancelled, async () => {
            const existing = this.adopts(request) ? undefined : await cluster.get(referenceOf(manifest), request.cancelled);
            if (existing !== undefined) {
                throw new Error(alreadyExists(existing));
            }
            return this.apply(cluster, manifest, request, false);
        });
        const awaited = await this.await(cluster, live, manifest, request);
        return { id: objectId(awaited.metadata), outputs: toOutputs(awaited) };
    }

    async update(request: Parameters<Provider["update"]>[0]): Promise<Properties> {
        if (request.preview) {
            return this.previewApply(request);
        }
        const cluster = await this.connection.cluster();
        const manifest = inNamespaceOf(request.id, toManifest(request.inputs));
        const live = await retryTransient(SETTLE_SECONDS, request.cancelled, async () =>
            this.apply(cluster, await withoutIgnoredChanges(cluster, manifest, request), request, false),
        );
        return toOutputs(await this.await(cluster, live, manifest, request));
    }

    async read(request: Parameters<Provider["read"]>[0]): Promise<Existing | undefined> {
        const cluster = await this.connection.cluster();
        const live = await ifKindExists(() => cluster.get(referenceOfResource(request), request.cancelled));
        if (live === undefined) {
            return undefined;
        }
        const existing = (inputs: Properties): Existing => ({ id: request.id, outputs: toOutputs(live), inputs });
        if (request.inputs === undefined || Object.keys(request.inputs).length === 0) {
            return existing(toImportedInputs(live));
        }
        const refreshed = existing(refreshedInputs(request.inputs, request.outputs ?? {}, fromJson(live) as Properties));
        const readiness = awaitedReadiness(request, request.inputs);
        const verdict = readiness === undefined ? undefined : await verdictNow(cluster, live, readiness);
        if (verdict !== undefined && verdict.state !== "ready") {
            throw new InitFailed(refreshed, [verdict.message]);
        }
        return refreshed;
    }

    async delete(request: Parameters<Provider["delete"]>[0]): Promise<void> {
        const reference = referenceOfResource(request);
        try {
            const cluster = await this.connection.cluster();
            await ifKindExists(() => this.deleteObject(cluster, reference, request));
        } catch (error) {
            if (!(error instanceof UnreachableError) || !this.settings.deleteUnreachable) {
                throw error;
            }
            this.engine.log("warning", request.urn, `${error.message}. It counts as deleted because deleteUnreachable is set`);
        }
    }

    private async deleteObject(cluster: Cluster, reference: ObjectReference, request: Parameters<Provider["delete"]>[0]): Promise<void> {
        const live = await cluster.get(reference, request.cancelled);
        if (live !== undefined && isPatch(request.type, request.inputs)) {
            await this.apply(cluster, emptyPatch(live), request, false);
            return;
        }
        if (live === undefined || !(await cluster.delete(reference, deletionPropagation(request.inputs), request.cancelled))) {
            return;
        }
        if (skipsAwait(request.inputs)) {
            return;
        }
        const seconds = timeoutSeconds(request.timeoutSeconds, request.inputs, DELETION_SECONDS);
        await waitUntilGone(cluster, reference, live.metadata.uid, this.waitOptions(request, seconds));
    }

    private async previewCreate(request: Parameters<Provider["create"]>[0]): Promise<Properties> {
        const cluster = containsUnknown(request.inputs) ? undefined : await this.connection.clusterForPreview();
        if (cluster === undefined) {
            return toPlannedOutputs(request.inputs);
        }
        const existing = await ifKindExists(() => cluster.get(referenceOf(toManifest(request.inputs))));
        if (existing === undefined || this.adopts(request)) {
            return this.previewApply(request);
        }
        if (!this.replaced.has(request.urn)) {
            this.warn(request.urn, `${alreadyExists(existing)}, unless this update deletes it first`);
        }
        return toPlannedOutputs(request.inputs);
    }

    /**
     * Returns the outputs of a server-side dry run; the inputs if the server is not reachable, if the object's namespace or kind does not exist yet, or if the
     * caller may only read: a dry run requires the permission to change the object. https://github.com/pulumi/pulumi-kubernetes/pull/2419
     */
    private async previewApply(
        request: Operation & { readonly inputs: Properties; readonly id?: string; readonly ignoreChanges?: readonly string[] },
    ): Promise<Properties> {
        const cluster = containsUnknown(request.inputs) ? undefined : await this.connection.clusterForPreview();
        if (cluster === undefined) {
            return toPlannedOutputs(request.inputs);
        }
        try {
            const manifest = inNamespaceOf(request.id, toManifest(request.inputs));
            return toPreviewOutputs(await this.apply(cluster, await withoutIgnoredChanges(cluster, manifest, request), request, true));
        } catch (error) {
            if (isNotFound(error) || isForbidden(error) || error instanceof UnknownKindError) {
                return toPlannedOutputs(request.inputs);
            }
            throw error;
        }
    }

    private async apply(
        cluster: Cluster,
        manifest: AnyObject,
        request: Operation & { readonly inputs: Properties },
        dryRun: boolean,
    ): Promise<AnyObject> {
        const force = this.settings.forceConflicts || forcesConflicts(manifest);
        try {
            const manager = isPatch(request.type, request.inputs) ? patchManager(request.urn) : undefined;
            const { body, warnings } = await cluster.apply(manifest, { dryRun, force, manager, signal: request.cancelled });
            for (const warning of warnings) {
                this.warn(request.urn, warning);
            }
            return body;
        } catch (error) {
            throw explainApplyError(error);
        }
    }

    private async await(
        cluster: Cluster,
        live: AnyObject,
        manifest: AnyObject,
        request: Operation & { readonly inputs: Properties },
    ): Promise<AnyObject> {
        const readiness = awaitedReadiness(request, request.inputs);
        if (readiness === undefined) {
            return live;
        }
        try {
            const seconds = timeoutSeconds(request.timeoutSeconds, manifest, readiness.timeoutSeconds);
            return await waitUntilReady(cluster, live, referenceOf(live), readiness, this.waitOptions(request, seconds));
        } catch (error) {
            // Despite the error, the object exists, so it must stay in the state.
            const reasons = error instanceof NotReadyError ? error.reasons : [error instanceof Error ? error.message : String(error)];
            const seen = error instanceof NotReadyError ? (error.object ?? live) : live;
            throw new InitFailed({ id: objectId(live.metadata), outputs: toOutputs(seen), inputs: request.inputs }, reasons);
        }
    }

    private waitOptions({ urn, cancelled }: Operation, timeoutSeconds: number): WaitOptions {
        return {
            ...{ timeoutSeconds, cancelled },
            report: (message) => {
                this.engine.status(urn, message);
            },
        };
    }

    /** Whether the object may already exist when its resource is created. */
    private adopts({ type, inputs }: Target & { readonly inputs: Properties }): boolean {
        return this.settings.adoptExisting || isPatch(type, inputs);
    }

    private warn(urn: string, message: string): void {
        const key = `${urn} ${message}`;
        if (this.warned.has(key)) {
            return;
        }
        this.warned.add(key);
        this.engine.log("warning", urn, message);
    }
}
