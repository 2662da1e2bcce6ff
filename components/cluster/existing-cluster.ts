import type * as gcp from "@pulumi/gcp";
import { Refusal } from "../config/pulumi-sdk";

/** @throws Refusal if the existing cluster has no DNS name. */
export function dnsNameOf(endpoints: gcp.types.output.container.GetClusterControlPlaneEndpointsConfig[]): string {
    const name = endpoints[0]?.dnsEndpointConfigs[0]?.endpoint;
    if (name === undefined || name === "") {
        throw new Refusal("the existing cluster has no DNS-based endpoint: enable it, or set ml-platform:cluster.endpoint to ip");
    }
    return name;
}

/** The Secret Manager settings of an existing cluster. */
interface Found {
    readonly name: string;
    readonly location?: string | undefined;
    readonly secretManagerConfigs?: readonly { readonly enabled: boolean }[];
    readonly secretSyncConfigs?: readonly { readonly enabled: boolean }[];
}

/**
 * The name of an existing cluster, after a check that its Secret Manager add-on is enabled.
 * @throws Refusal with the commands that enable it, during preview: the add-on installs the kinds of the objects that request secrets
 */
export function nameWithSecretManager({ name, location = "", secretManagerConfigs, secretSyncConfigs }: Found): string {
    if ([secretManagerConfigs, secretSyncConfigs].some((configs) => configs?.[0]?.enabled !== true)) {
        const update = `gcloud container clusters update ${name} --location=${location}`;
        throw new Refusal(
            `workloads have secrets in Secret Manager, but the Secret Manager add-on of the existing cluster ${name} is not enabled. Enable it: ` +
                `${update} --enable-secret-manager --enable-secret-manager-rotation && ${update} --enable-secret-sync --enable-secret-sync-rotation`,
        );
    }
    return name;
}
