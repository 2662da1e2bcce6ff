import { type JsonObject, objectAt } from "../../json";
import type { Ledger } from "../../ledger";
import { apisOf } from "../service-usage/enabled-apis";

const API = "containerscanning.googleapis.com";

/**
 * Returns the vulnerability scanning status of a repository: standard and remote Docker repositories are scanned if the project enables the
 * API and the repository does not disable scanning. https://cloud.google.com/artifact-analysis/docs/enable-automatic-scanning
 */
export function scanningOf(
    { vulnerabilityScanningConfig, format }: JsonObject,
    project: string,
    createdAt: string,
    ledger: Ledger,
): JsonObject {
    const config = objectAt(vulnerabilityScanningConfig);
    if (format !== "DOCKER") {
        return { ...config, enablementState: "SCANNING_UNSUPPORTED" };
    }
    if (config.enablementConfig === "DISABLED") {
        const enablementStateReason = "Vulnerability scanning is explicitly disabled for repository.";
        return { ...config, enablementState: "SCANNING_DISABLED", enablementStateReason };
    }
    const enabled = apisOf(ledger, project).includes(API);
    return {
        ...config,
        enablementState: enabled ? "SCANNING_ACTIVE" : "SCANNING_DISABLED",
        ...(!enabled && { enablementStateReason: `API ${API} is not enabled.` }),
        lastEnableTime: createdAt,
    };
}
