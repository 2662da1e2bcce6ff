import { invalid } from "../api/api-error";
import { type JsonObject, type JsonValue, textOrEmpty } from "../json";

/** Version of the local control plane, in GKE's format. */
export const VERSION = "1.36.3-gke.1000000";

/**
 * Checks the version of a control plane: a prefix of the sandbox's version, or an alias.
 * https://cloud.google.com/kubernetes-engine/versioning#specifying_cluster_version
 * @throws ApiError for a version that the sandbox does not have
 */
export function checkMasterVersion(version: JsonValue | undefined, channel: JsonValue | undefined): void {
    const wanted = textOrEmpty(version);
    if (["", "-", "latest", VERSION].includes(wanted) || VERSION.startsWith(`${wanted}.`) || VERSION.startsWith(`${wanted}-`)) {
        return;
    }
    throw invalid(
        channel === undefined
            ? `Master version "${wanted}" is unsupported.`
            : `Master version must be one of "${textOrEmpty(channel)}" channel supported versions [${VERSION}].`,
    );
}

/** The versions and node images of a location. */
export function serverConfig(): JsonObject {
    const channels = ["RAPID", "REGULAR", "STABLE"].map((channel) => ({ channel, defaultVersion: VERSION, validVersions: [VERSION] }));
    return {
        ...{ defaultClusterVersion: VERSION, validMasterVersions: [VERSION], validNodeVersions: [VERSION], channels },
        ...{ defaultImageType: "COS_CONTAINERD", validImageTypes: ["COS_CONTAINERD", "UBUNTU_CONTAINERD"] },
    };
}
