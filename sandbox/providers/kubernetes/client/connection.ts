import { Cluster } from "./cluster";
import { UNKNOWN } from "../../property-values";
import { UnreachableError } from "../../../kube/errors";
import { readKubeconfig } from "../../../kube/kubeconfig";
import type { Settings } from "../settings";

/** The provider's connection to its cluster, created on first use. */
export class Connection {
    private opened: Promise<Cluster> | undefined;
    private failed = false;

    constructor(private readonly settings: Settings) {}

    /** @throws Error if there is no kubeconfig or it cannot be read */
    cluster(): Promise<Cluster> {
        this.opened ??= this.open();
        return this.opened;
    }

    /**
     * Returns the cluster for a dry run; undefined if the cluster does not exist yet. If the cluster is unreachable, only the first call
     * throws; previews of other objects continue without it, to avoid repeating the message for every object.
     */
    async clusterForPreview(): Promise<Cluster | undefined> {
        if (this.settings.kubeconfig === UNKNOWN || this.hasFailed()) {
            return undefined;
        }
        try {
            const cluster = await this.cluster();
            await cluster.ping();
            return cluster;
        } catch (error) {
            // Previews run in parallel: only the first one reports the error.
            if (this.hasFailed()) {
                return undefined;
            }
            this.failed = error instanceof UnreachableError;
            throw error;
        }
    }

    private hasFailed(): boolean {
        return this.failed;
    }

    private async open(): Promise<Cluster> {
        const { kubeconfig, selection } = this.settings;
        if (kubeconfig === UNKNOWN) {
            throw new Error("the cluster's kubeconfig is not known yet");
        }
        if (kubeconfig === undefined) {
            throw new Error(
                "the Kubernetes provider has no kubeconfig: give its `kubeconfig` input the content or the path of one (the sandbox does not read ~/.kube/config)",
            );
        }
        return new Cluster(await readKubeconfig(kubeconfig, selection));
    }
}
